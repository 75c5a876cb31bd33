import assert from "node:assert/strict";
import fc from "fast-check";
import { createTestGate } from "../../tests/fakes/test_gate.ts";
import type { Effect, Resource } from "../domain/tool_call.ts";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import { explainGate } from "./explain.ts";
import type { StandingGrant } from "./grants.ts";

const base = { root: "/w", userHome: undefined };
const clock = createFakeClock();
const now = clock.now();

const effects = fc.constantFrom<Effect>("none", "read", "write", "outward");
const resources = fc.constantFrom<Resource>(
  { kind: "file", operation: "write", path: "/w/a/b", root: "/w" },
  { kind: "file", operation: "write", path: "/elsewhere", root: "/w" },
  { kind: "url", method: "GET", url: "https://a.org/x" },
  { kind: "url", method: "GET", url: "http://nas:80/x", internal: true },
  { kind: "memory", action: "forget" },
  { kind: "plain" },
);
const grants = fc.array(
  fc.record({
    tool: fc.constantFrom("one", "other"),
    scope: fc.constantFrom("*", "workspace", "dir:/w/a", "host:a.org", "host:nas:80", "memory:*"),
    effect: fc.constantFrom("read" as const, undefined),
    expiresAt: fc.constantFrom(now - 1, now + 1, undefined),
  }).map(({ effect, expiresAt, ...grant }): StandingGrant => ({
    ...grant,
    ...(effect === undefined ? {} : { effect }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    source: "config",
  })),
  { maxLength: 4 },
);
const policies = fc.record({
  enabled: fc.boolean(),
  interactive: fc.boolean(),
  allowAlways: fc.constant(true),
  askAlso: fc.constantFrom(["one"], []),
});

Deno.test("A132: what is explained is what the gate does, whatever the call, the grants and the policy", () =>
  fc.assert(
    fc.asyncProperty(
      effects,
      resources,
      grants,
      policies,
      async (effect, resource, all, policy) => {
        let asked = 0;
        const gate = createTestGate({
          grants: {
            list: () => Promise.resolve(all),
            dropped: () => Promise.resolve([]),
            add: () => Promise.reject(new Error("nothing is given here")),
            revoke: () => Promise.resolve(false),
          },
          approver: {
            ask: () => Promise.resolve(void asked++).then(() => ({ kind: "unavailable" })),
          },
          policy,
          base,
          clock: createFakeClock(),
        });
        const decided = await gate.check({
          turnId: "t",
          conversation: "cli:x",
          call: { id: 1, tool: "one", args: {} },
          effect,
          resources: [resource],
          preview: { title: "x", fields: [] },
        }, new AbortController().signal);
        const call = { tool: "one", effect, resources: [resource] } as const;
        const explained = explainGate(call, { policy, standing: all, base, now });
        if (decided.kind === "approved") {
          assert.equal(explained.decision, decided.decision);
          if (policy.enabled) assert.equal(explained.rule?.scope, decided.scope);
        } else {
          assert.equal(explained.decision, asked > 0 ? "asks" : "refused");
          assert.deepEqual(explained.grants, decided.grants);
        }
        const others = explained.passedOver.map(({ rule }) => rule);
        const told = [...others, ...explained.rule ? [explained.rule] : []];
        assert.equal(told.length, all.filter(({ tool }) => tool === "one").length);
      },
    ),
    { numRuns: 400 },
  ));

Deno.test("A132: each grant that does not count is told with its reason", () => {
  const resource = { kind: "url", method: "GET", url: "https://a.org/x" } as const;
  const grant = (more: Partial<StandingGrant>): StandingGrant => ({
    ...{ tool: "one", scope: "host:a.org", source: "config" },
    ...more,
  });
  const standing = [
    grant({ expiresAt: now }),
    grant({ effect: "read" }),
    grant({ scope: "host:b.org" }),
    grant({}),
    grant({ scope: "*" }),
  ];
  const policy = { enabled: true, interactive: true, askAlso: [] };
  const call = { tool: "one", effect: "outward", resources: [resource] } as const;
  const explained = explainGate(call, { policy, standing, base, now });
  assert.equal(explained.rule, standing[3]);
  assert.deepEqual(explained.passedOver.map(({ why }) => why), [
    "it has expired",
    "it was given for reading only",
    "it covers another place",
    "another one comes first",
  ]);
});
