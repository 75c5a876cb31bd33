import assert from "node:assert/strict";
import { type Call, createTestGate } from "../../tests/fakes/test_gate.ts";
import { createFakeClock, type FakeClock } from "../../tests/fakes/clock.ts";
import { createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import type { ApprovalReply, ApprovalRequest } from "./approver.ts";
import type { GatePolicy } from "./gate_ports.ts";
import { openGrants, type StandingGrant } from "./grants.ts";
import type { CallingProgram, Lease } from "./lease.ts";
import { type Leases, openLeases } from "./leases.ts";
import { openTurnLeases } from "./turn_leases.ts";

// A258, A270: inside the lease of its program nothing is asked, outside always.

const base = { root: "/w", userHome: undefined };
const SINKS: Record<string, readonly string[]> = { http_request: ["method", "url"], time: [] };

interface Bench {
  /** `lease`, `once` …, or `denied: unasked` and the like. */
  readonly check: (call: Call) => Promise<string>;
  readonly gate: ReturnType<typeof createTestGate>;
  readonly asked: readonly ApprovalRequest[];
  readonly leases: Leases;
  readonly told: readonly Lease[];
  readonly clock: FakeClock;
  readonly pins: Record<string, string>;
  readonly directory: string;
}

async function withGate(
  setting: {
    readonly replies?: readonly ApprovalReply[];
    readonly grants?: readonly StandingGrant[];
    readonly policy?: Partial<GatePolicy>;
    readonly onLease?: () => Promise<void>;
  },
  test: (bench: Bench) => Promise<void>,
) {
  const directory = await Deno.makeTempDir();
  const [asked, told]: [ApprovalRequest[], Lease[]] = [[], []];
  const [clock, random, files] = [createFakeClock(), createRandom(), openFiles(directory)];
  const leases = openLeases(files, clock, random);
  const pins: Record<string, string> = { http_request: "built-in", time: "built-in" };
  const policy = { enabled: true, interactive: true, allowAlways: true, askAlso: [] };
  const gate = createTestGate({
    grants: openGrants(files, setting.grants ?? [], clock, random),
    approver: {
      ask(request) {
        asked.push(request);
        return Promise.resolve(setting.replies?.[asked.length - 1] ?? { kind: "unavailable" });
      },
    },
    policy: { ...policy, ...setting.policy },
    leases: openTurnLeases({
      ...{ leases, clock, base, maxCalls: 20, person: "cli" },
      sinksOf: (tool) => SINKS[tool],
      pinOf: (tool) => pins[tool],
    }),
    onLease: setting.onLease ?? ((lease) => Promise.resolve(void told.push(lease))),
    base,
    clock,
  });
  const check = async (call: Call) => {
    const decided = await gate.check(call, new AbortController().signal);
    return decided.kind === "denied" ? `denied: ${decided.decision}` : decided.decision;
  };
  try {
    await test({ check, gate, asked, leases, told, clock, pins, directory });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const PROGRAM: CallingProgram = {
  ...{ id: "fetching", name: "Fetching", sha256: "a".repeat(64) },
  manifest: {
    declaredTools: ["http_request", "time"],
    capabilities: [{
      method: "http_request",
      constraints: [
        { param: "method", is_in: ["GET"] },
        { param: "url", starts_with: "https://a.org/x" },
      ],
    }],
    ...{ inputs: { city: "Linz" }, templates: ["fetch {city:word}"], secrets: [], limits: {} },
  },
};
const TERMS = { forMs: 1_000, callsPerRun: 3, person: "cli", source: "command" } as const;

function callTo(url: string, program: CallingProgram | undefined, more: Partial<Call> = {}): Call {
  return {
    ...{ turnId: "t1", conversation: "cli:x", effect: "outward" },
    call: { id: 1, tool: "http_request", args: { method: "GET", url } },
    resources: [{ kind: "url", method: "GET", url }],
    preview: { title: `GET ${url}`, fields: [{ name: "url", value: url }] },
    ...(program ? { program } : {}),
    ...more,
  };
}

const give = ({ leases, pins }: Bench, terms: Partial<typeof TERMS> = {}) =>
  leases.give(PROGRAM, { ...TERMS, ...terms }, (tool) => pins[tool]);

Deno.test("A258: inside the lease nothing is asked, and the account names the lease", () =>
  withGate({}, async (bench) => {
    const { id } = await give(bench);
    const decided = await bench.gate.check(
      callTo("https://a.org/x/1", PROGRAM),
      new AbortController().signal,
    );
    assert.ok(decided.kind === "approved");
    assert.deepEqual([decided.decision, decided.scope, bench.asked], ["lease", id, []]);
    assert.equal(await bench.check(callTo("https://a.org/y", PROGRAM)), "denied: unasked");
    assert.equal(bench.asked.length, 1);
  }));

for (
  const [what, program, change, why] of [
    ["its script", { ...PROGRAM, sha256: "b".repeat(64) }, undefined, /script has changed/],
    ...([
      ["a rule", { capabilities: [] }],
      ["a default", { inputs: { city: "Graz" } }],
      ["a template", { templates: [] }],
      ["a secret", { secrets: ["OTHER"] }],
      ["a tool", { declaredTools: ["http_request"] }],
      ["a limit", { limits: { maxCalls: 100 } }],
    ] as const).map(([part, more]) =>
      [
        `${part} of its manifest`,
        { ...PROGRAM, manifest: { ...PROGRAM.manifest, ...more } },
        undefined,
        /manifest has changed/,
      ] as const
    ),
    ["a tool", PROGRAM, (bench: Bench) => {
      bench.pins.time = "another";
    }, /tool time has changed/],
    ["the time", PROGRAM, (bench: Bench) => bench.clock.advance(1_000), /has expired/],
  ] as const
) {
  Deno.test(`A258: once ${what} has changed, the lease counts no more, and an unattended turn says why`, () =>
    withGate({ policy: { unattended: true } }, async (bench) => {
      await give(bench);
      assert.equal(await bench.check(callTo("https://a.org/x", PROGRAM)), "lease");
      change?.(bench);
      assert.equal(await bench.check(callTo("https://a.org/x", program)), "denied: unasked");
      assert.match(bench.asked[0]?.preview.fields[0]?.value ?? "", why);
    }));
}

Deno.test("A258: a lease that is taken back ends at the next call", () =>
  withGate({}, async (bench) => {
    const { id } = await give(bench);
    assert.equal(await bench.check(callTo("https://a.org/x", PROGRAM)), "lease");
    assert.equal(await bench.leases.revoke(id), true);
    assert.equal(await bench.check(callTo("https://a.org/x", PROGRAM)), "denied: unasked");
  }));

Deno.test("A270: calls at once are counted one by one, and each run begins anew", () =>
  withGate({}, async (bench) => {
    await give(bench);
    const five = (program: CallingProgram) =>
      Promise.all(
        Array.from({ length: 5 }, (_, n) => bench.check(callTo(`https://a.org/x/${n}`, program))),
      );
    const lease = (all: readonly string[]) => all.filter((one) => one === "lease").length;
    assert.equal(lease(await five(PROGRAM)), 3);
    assert.equal(lease(await five({ ...PROGRAM })), 3);
  }));

Deno.test("A270: in an unattended turn no grant counts, and what is asked is this once or no", () => {
  const grants: StandingGrant[] = [{ tool: "http_request", scope: "*", source: "config" }];
  const policy = { unattended: true };
  return withGate({ replies: [{ kind: "once" }], grants, policy }, async (bench) => {
    await give(bench);
    const none = callTo("x", undefined, { effect: "none", resources: [{ kind: "plain" }] });
    assert.equal(await bench.check(none), "not_required");
    assert.equal(await bench.check(callTo("https://a.org/y", PROGRAM)), "once");
    const [request] = bench.asked;
    assert.deepEqual(
      [request?.offers, request?.standing, request?.lease, request?.preview.fields[0]],
      [[], false, undefined, {
        name: "asked since",
        value: '"url" must be starts_with "https://a.org/x"',
      }],
    );
    const signal = new AbortController().signal;
    const denied = await bench.gate.check(callTo("https://a.org/y", undefined), signal);
    assert.ok(denied.kind === "denied");
    assert.match(denied.unleased ?? "", /has no manifest/);
  });
});

Deno.test("in an attended turn a standing grant counts outside of the lease as before", () => {
  const grants: StandingGrant[] = [{ tool: "http_request", scope: "host:b.org", source: "config" }];
  return withGate({ grants }, async (bench) => {
    await give(bench);
    assert.equal(await bench.check(callTo("https://b.org/", PROGRAM)), "granted");
  });
});

Deno.test("A258: the bounds hold after text of others was read, so the lease does too", () =>
  withGate({}, async (bench) => {
    await give(bench);
    const foreign = { foreign: true };
    assert.equal(await bench.check(callTo("https://a.org/x", PROGRAM, foreign)), "lease");
    assert.equal(await bench.check(callTo("https://b.org/", PROGRAM, foreign)), "denied: unasked");
    assert.equal(bench.asked[0]?.lease, undefined);
  }));

Deno.test("A270: a redirect inside of the lease passes, one outside asks; neither is counted", () =>
  withGate({ replies: [{ kind: "reject" }] }, async (bench) => {
    await give(bench, { callsPerRun: 1 as never });
    const { signal } = new AbortController();
    const decided = await bench.gate.check(callTo("https://a.org/x", PROGRAM), signal);
    assert.ok(decided.kind === "approved");
    const hop = (url: string, method = "GET") => ({ kind: "url", method, url }) as const;
    assert.equal(await decided.mayAlso(hop("https://a.org/x/2"), signal), true);
    assert.deepEqual(bench.asked, []);
    assert.equal(await decided.mayAlso(hop("https://evil.org/"), signal), false);
    assert.equal(await decided.mayAlso(hop("https://a.org/x/2", "POST"), signal), false);
    assert.equal(bench.asked.length, 2);
  }));

Deno.test("A258: a question offers to allow the program as a whole, shown as a list, and keeps that", () =>
  withGate({ replies: [{ kind: "lease" }] }, async (bench) => {
    const draft = { name: "Draft", sha256: PROGRAM.sha256, manifest: PROGRAM.manifest };
    assert.equal(await bench.check(callTo("https://a.org/x", draft)), "lease");
    assert.deepEqual(bench.asked[0]?.lease?.map(({ name, value }) => `${name}: ${value}`), [
      "tools: http_request, time",
      'http_request with: method is_in ["GET"], url starts_with "https://a.org/x"',
      "secrets: none",
      "calls in a run: 20 at most",
      "counts for: 90 days",
    ]);
    assert.equal(await bench.check(callTo("https://a.org/x/2", draft)), "lease");
    // kept under its id later, it is the same script and manifest
    assert.equal(await bench.check(callTo("https://a.org/x/2", PROGRAM)), "lease");
    assert.equal(bench.asked.length, 1);
    const [kept] = await bench.leases.list();
    assert.deepEqual([kept, kept?.conversation], [bench.told[0], "cli:x"]);
  }));

for (
  const [what, program, more, policy] of [
    ["a program without bounds", {
      ...PROGRAM,
      manifest: { ...PROGRAM.manifest, capabilities: [] },
    }],
    ["a script of the person's own", undefined],
    ["a run that has read text of others", PROGRAM, { foreign: true }],
    ["a configuration without standing grants", PROGRAM, {}, { allowAlways: false }],
    ["a program whose tool is not there", {
      ...PROGRAM,
      manifest: { ...PROGRAM.manifest, declaredTools: ["http_request", "gone"] },
    }],
  ] as readonly (readonly [
    string,
    CallingProgram | undefined,
    Partial<Call>?,
    Partial<GatePolicy>?,
  ])[]
) {
  Deno.test(`A258: ${what} is not offered as a whole, and that answer allows nothing`, () =>
    withGate({ replies: [{ kind: "lease" }], policy: policy ?? {} }, async (bench) => {
      const decided = await bench.check(callTo("https://a.org/x", program, more));
      assert.equal(decided, "denied: denied");
      assert.deepEqual([bench.asked[0]?.lease, await bench.leases.list()], [undefined, []]);
    }));
}

Deno.test("A258: a lease of which nobody could be told is none", () =>
  withGate({
    replies: [{ kind: "lease" }],
    onLease: () => Promise.reject(new Error("the audit log is full")),
  }, async (bench) => {
    await assert.rejects(bench.check(callTo("https://a.org/x", PROGRAM)), /audit log is full/);
    assert.deepEqual(await bench.leases.list(), []);
  }));

Deno.test("A258: a damaged file of leases allows nothing and stays as it is; a lease in strange words is dropped", () =>
  withGate({}, async (bench) => {
    const kept = await give(bench);
    const path = `${bench.directory}/leases.json`;
    await Deno.writeTextFile(path, JSON.stringify({ leases: [{ ...kept, onlyOn: "Monday" }] }));
    assert.equal(await bench.check(callTo("https://a.org/x", PROGRAM)), "denied: unasked");
    assert.match((await bench.leases.dropped()).join(), /"onlyOn":"Monday".*not understood whole/);
    await Deno.writeTextFile(path, "{");
    await assert.rejects(bench.check(callTo("https://a.org/x", PROGRAM)), /is damaged/);
    await assert.rejects(give(bench), /is damaged/);
    assert.equal(await Deno.readTextFile(path), "{");
  }));
