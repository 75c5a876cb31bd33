import assert from "node:assert/strict";
import fc from "fast-check";
import type { CallRecord, Decision, Deed } from "../domain/tool_call.ts";
import { tellDone } from "./done.ts";

const NOW = { now: Date.parse("2026-05-04T12:30:00Z"), zone: "Europe/Berlin" };

function call(deed: Partial<Deed> | undefined, more: Partial<CallRecord> = {}): CallRecord {
  const whole: Deed = {
    effect: "outward",
    kind: "url",
    operation: "POST",
    to: "POST https://example.org/",
    allowedAt: "2026-05-04T12:02:10.000Z",
    ...deed,
  };
  const told = deed ? { deed: whole } : {};
  return { tool: "http_request", args: {}, decision: "once", outcome: "ok", ...told, ...more };
}

const file = (operation: string, more: Partial<CallRecord> = {}) =>
  call({ effect: "write", kind: "file", operation }, { tool: "fs", ...more });

const summary = (...calls: CallRecord[]) => tellDone(calls, NOW)?.summary;

Deno.test("what was done is counted, with who allowed it and when in the person's zone (A273)", () => {
  assert.equal(
    summary(call({}), file("write"), call({})),
    "2 requests, 1 file written; allowed by you 14:02",
  );
});

Deno.test("nothing is told where nothing had an effect, or nothing was done", () => {
  assert.equal(summary(), undefined);
  const refused = ["denied", "unasked", "refused", "journal"] as const;
  const undone = refused.map((decision) => call(undefined, { decision, outcome: "cancelled" }));
  assert.equal(summary(call(undefined, { decision: "not_required" }), ...undone), undefined);
});

Deno.test("what failed on its way is counted and said, since it may have happened", () => {
  assert.equal(
    summary(call({}), call({}, { outcome: "network_failed" })),
    "2 requests (1 failed); allowed by you 14:02",
  );
});

Deno.test("every kind of allowing is named, grants by their names, many of them counted", () => {
  const granted = (scope: string) => file("read", { decision: "granted", scope });
  assert.equal(
    summary(
      call({}, { decision: "turn" }),
      call({}, { decision: "always" }),
      call({ allowedAt: "2026-05-04T12:05:00.000Z" }),
      call({}),
    ),
    "4 requests; allowed by you 14:05, 14:02, by you for this request 14:02, by you for good 14:02",
  );
  const leased = file("write", { decision: "lease", scope: "k2m4" });
  assert.equal(summary(leased, leased), "2 files written; allowed by the lease k2m4");
  assert.equal(
    summary(...["a", "b", "c", "d", "e", "a"].map(granted)),
    "6 files read; allowed by the grant fs:a, by the grant fs:b, by the grant fs:c, by 2 more grants",
  );
});

Deno.test("the hops of a redirect are requests too, those that were refused are none", () => {
  const also = [
    { to: "GET https://example.org/1", decision: "granted" as Decision },
    { to: "GET https://example.org/2", decision: "denied" as Decision },
  ];
  const done = tellDone([call({}, { also })], NOW);
  assert.equal(done?.summary, "2 requests; allowed by you 14:02");
  assert.deepEqual(done?.calls[0]?.also, ["GET https://example.org/1"]);
});

Deno.test("what was allowed on another day has its date", () => {
  assert.match(
    summary(call({ allowedAt: "2026-05-03T22:30:00.000Z" })) ?? "",
    /allowed by you 00:30$/,
    "it is the same day in Berlin",
  );
  assert.match(
    summary(call({ allowedAt: "2026-05-02T12:00:00.000Z" })) ?? "",
    /by you 2026-05-02 14:00$/,
  );
});

Deno.test("every call with an effect is in the data, and counted once", () => {
  const kinds = fc.constantFrom<Deed["kind"]>("url", "file", "memory", "schedule", "plain");
  const calls = fc.array(fc.record({ kind: kinds, operation: fc.string(), has: fc.boolean() }));
  fc.assert(fc.property(calls, (all) => {
    const done = tellDone(
      all.map(({ has, ...deed }) => call(has ? deed : undefined)),
      NOW,
    );
    const having = all.filter(({ has }) => has);
    assert.equal(done?.calls.length ?? 0, having.length);
    const counts = done?.summary.split(/; allowed(?!.*; allowed)/)[0]
      ?.matchAll(/(?:^|, )(\d+) (?:request|file|change|call)/g) ?? [];
    if (having.every(({ operation }) => /^[a-z]*$/i.test(operation))) {
      const sum = [...counts].reduce((total, [, count]) => total + Number(count), 0);
      assert.equal(sum, having.length);
    }
  }));
});
