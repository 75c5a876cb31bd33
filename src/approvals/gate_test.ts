import assert from "node:assert/strict";
import { type Call, createTestGate, type TestGate } from "../../tests/fakes/test_gate.ts";
import { createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import type { Effect, Resource } from "../domain/tool_call.ts";
import type { ApprovalReply, ApprovalRequest, Approver } from "./approver.ts";
import type { GatePolicy } from "./gate_ports.ts";
import { type Grants, openGrants, type StandingGrant } from "./grants.ts";

const base = { root: "/w", userHome: "/home/ada" };
const clock = {
  now: () => 1_000,
  monotonic: () => 0,
  zone: () => "UTC",
  sleep: () => Promise.resolve(),
};
const { signal } = new AbortController();
interface Bench {
  readonly gate: TestGate;
  /** The gate of another turn with the same person. */
  readonly otherTurn: TestGate;
  readonly grants: Grants;
  readonly asked: ApprovalRequest[];
  readonly directory: string;
}

async function withGate(
  setting: {
    replies?: ApprovalReply[];
    fixed?: StandingGrant[];
    policy?: Partial<GatePolicy>;
  },
  test: (bench: Bench) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  const asked: ApprovalRequest[] = [];
  const approver: Approver = {
    ask(request) {
      asked.push(request);
      return Promise.resolve(setting.replies?.[asked.length - 1] ?? { kind: "unavailable" });
    },
  };
  try {
    const grants = openGrants(openFiles(directory), setting.fixed ?? [], clock, createRandom());
    const policy = {
      enabled: true,
      interactive: true,
      allowAlways: true,
      askAlso: [],
      ...setting.policy,
    };
    await test({
      gate: createTestGate({ grants, approver, policy, base, clock }),
      otherTurn: createTestGate({ grants, approver, policy, base, clock }),
      grants,
      asked,
      directory,
    });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function request(address: string, method = "GET"): Call {
  const resource: Resource = { kind: "url", method, url: address };
  return callOf("http_request", { url: address, method }, "outward", resource);
}

function callOf(
  tool: string,
  args: Call["call"]["args"],
  effect: Effect,
  resource: Resource,
): Call {
  return {
    turnId: "t1",
    conversation: "cli:x",
    call: { id: 1, tool, args },
    effect,
    resources: [resource],
    preview: { title: "x", fields: [] },
  };
}

const read: Call = callOf("fs", { path: "a" }, "read", {
  kind: "file",
  operation: "read",
  path: "/w/a",
  root: "/w",
});
const write: Call = callOf("fs", { path: "a" }, "write", {
  kind: "file",
  operation: "write",
  path: "/w/a",
  root: "/w",
});

Deno.test("a call without effect passes unasked", () =>
  withGate({}, async ({ gate, asked }) => {
    const decision = await gate.check(callOf("time", {}, "none", { kind: "plain" }), signal);
    assert.equal(decision.kind === "approved" && decision.decision, "not_required");
    assert.equal(asked.length, 0);
  }));

Deno.test("silence is a refusal, and it names the grants that would allow the call, narrowest first (A34)", () =>
  withGate({}, async ({ gate }) => {
    const decision = await gate.check(request("https://a.org/x"), signal);
    assert.deepEqual(decision, {
      kind: "denied",
      decision: "unasked",
      tired: false,
      grants: [
        "http_request:exact:GET:https://a.org/x",
        "http_request:path:https://a.org/x",
        "http_request:host:a.org",
      ],
    });
  }));

Deno.test("once is once: the next call asks again, whatever of it changed (A117)", () =>
  withGate({ replies: [{ kind: "once" }] }, async ({ gate, asked }) => {
    await gate.check(request("https://a.org/x"), signal);
    for (const next of [request("https://a.org/x"), request("https://a.org/x", "POST")]) {
      assert.equal((await gate.check(next, signal)).kind, "denied");
    }
    assert.equal(asked.length, 3);
  }));

Deno.test("a grant for this request holds in its turn and in no other (A118)", () =>
  withGate(
    { replies: [{ kind: "turn", scope: "host:a.org" }] },
    async ({ gate, otherTurn, grants }) => {
      await gate.check(request("https://a.org/x"), signal);
      const same = await gate.check(request("https://a.org/y", "POST"), signal);
      assert.equal(same.kind === "approved" && same.decision, "turn");
      const other = await otherTurn.check(request("https://a.org/x"), signal);
      assert.equal(other.kind, "denied");
      assert.deepEqual(await grants.list(), []);
    },
  ));

Deno.test("always is kept, is found again, and can be taken back", () =>
  withGate(
    { replies: [{ kind: "always", scope: "host:a.org" }] },
    async ({ gate, otherTurn, grants }) => {
      await gate.check(request("https://a.org/x"), signal);
      const later = await otherTurn.check(request("https://a.org/y"), signal);
      assert.equal(later.kind === "approved" && later.decision, "granted");
      const [kept] = await grants.list();
      assert.equal(await grants.revoke(kept?.id ?? ""), true);
      assert.equal((await gate.check(request("https://a.org/y"), signal)).kind, "denied");
    },
  ));

Deno.test("an answer that was not offered is a refusal", () =>
  withGate({ replies: [{ kind: "always", scope: "*" }] }, async ({ gate, grants }) => {
    assert.equal((await gate.check(request("https://a.org/x"), signal)).kind, "denied");
    assert.deepEqual(await grants.list(), []);
  }));

Deno.test("a grant given while reading does not cover writing", () =>
  withGate(
    { replies: [{ kind: "always", scope: "workspace" }, { kind: "reject" }] },
    async ({ gate }) => {
      assert.equal((await gate.check(read, signal)).kind, "approved");
      assert.equal((await gate.check(read, signal)).kind, "approved");
      assert.equal((await gate.check(write, signal)).kind, "denied");
    },
  ));

Deno.test("a grant of the configuration covers what it says, for its tool (A119)", () =>
  withGate(
    { fixed: [{ tool: "fs", scope: "workspace", source: "config" }] },
    async ({ gate, asked }) => {
      assert.equal((await gate.check(write, signal)).kind, "approved");
      assert.equal((await gate.check(request("https://a.org/"), signal)).kind, "denied");
      assert.equal(asked.length, 1);
    },
  ));

function writing(path: string): Call {
  const resource = { kind: "file", root: "/w", path, operation: "write" } as const;
  return callOf("fs", { operation: "write", path }, "write", resource);
}

Deno.test("a grant for some days is kept with its end, and counts until then (S15)", async () => {
  let now = 1_000;
  const moving = { ...clock, now: () => now };
  const directory = await Deno.makeTempDir();
  try {
    const grants = openGrants(openFiles(directory), [], moving, createRandom());
    let questions = 0;
    const approver: Approver = {
      ask: () => {
        questions++;
        return Promise.resolve(
          questions === 1
            ? { kind: "always", scope: "workspace", forMs: 500 }
            : { kind: "unavailable" },
        );
      },
    };
    const policy = { enabled: true, interactive: true, allowAlways: true, askAlso: [] };
    const gate = createTestGate({ grants, approver, policy, base, clock: moving });
    const passed = await gate.check(writing("/w/a.md"), signal);
    assert(passed.kind === "approved");
    assert.equal((await grants.list())[0]?.expiresAt, 1_500);
    now = 1_499;
    assert.equal((await gate.check(writing("/w/b.md"), signal)).decision, "granted");
    const further = { kind: "file", root: "/w", path: "/w/c.md", operation: "write" } as const;
    assert.equal(await passed.mayAlso(further, signal), true);
    now = 1_500;
    assert.equal((await gate.check(writing("/w/b.md"), signal)).decision, "unasked");
    assert.equal(await passed.mayAlso(further, signal), false);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("a grant of which no line could be written is not kept (S18)", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const grants = openGrants(openFiles(directory), [], clock, createRandom());
    const gate = createTestGate({
      grants,
      approver: { ask: () => Promise.resolve({ kind: "always", scope: "workspace" }) },
      policy: { enabled: true, interactive: true, allowAlways: true, askAlso: [] },
      base,
      clock,
      onGrant: () => Promise.reject(new Error("the log is full")),
    });
    await assert.rejects(gate.check(writing("/w/a.md"), signal), /the log is full/);
    assert.deepEqual(await grants.list(), []);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("a kept grant with anything that is not understood is dropped with a sentence (S15)", () =>
  withGate({}, async ({ gate, grants, directory }) => {
    const whole = { tool: "fs", scope: "workspace", effect: "read", id: "1", createdAt: 1 };
    const odd = [
      { ...whole, id: "2", effect: "write" },
      { ...whole, id: "3", expiresAt: "2099-01-01" },
      { tool: "fs", scope: "workspace", id: "4", methods: ["GET"] },
      "fs:workspace",
      { tool: "fs" },
    ];
    const text = JSON.stringify({ grants: [...odd, whole] });
    await Deno.writeTextFile(`${directory}/grants.json`, text);
    assert.deepEqual((await grants.list()).map(({ id }) => id), ["1"]);
    const sentences = await grants.dropped();
    assert.equal(sentences.length, odd.length);
    for (const sentence of sentences) assert.match(sentence, /dropped and allows nothing/);
    assert.equal((await gate.check(writing("/w/a.md"), signal)).kind, "denied");
    assert.equal(await grants.revoke("4"), true);
    assert.equal((await grants.dropped()).length, odd.length - 1);
  }));

Deno.test("a grant is for its tool alone, whatever another one touches (A119)", () =>
  withGate({
    fixed: [
      { tool: "web_fetch", scope: "host:a.org", source: "config" },
      { tool: "other", scope: "*", source: "config" },
    ],
  }, async ({ gate }) => {
    assert.equal((await gate.check(request("https://a.org/x"), signal)).kind, "denied");
    const { call, ...rest } = request("https://a.org/x");
    const fetched = { ...rest, call: { ...call, tool: "web_fetch" } };
    assert.equal((await gate.check(fetched, signal)).kind, "approved");
  }));

Deno.test("what is offered for a call that touches two places covers both (A120)", () =>
  withGate({}, async ({ gate, asked }) => {
    const second: Resource = { kind: "file", operation: "write", path: "/w/d/b", root: "/w" };
    await gate.check({ ...write, resources: [write.resources[0], second] }, signal);
    const outside: Resource = { ...second, path: "/elsewhere/b" };
    const denied = await gate.check(
      { ...write, resources: [write.resources[0], outside] },
      signal,
    );
    const offers = asked.map((one) => one.offers.map(({ scope }) => scope));
    assert.deepEqual(offers, [["workspace"], []]);
    assert.deepEqual(denied.kind === "denied" && denied.grants, ["fs:*"]);
  }));

Deno.test("an expired grant counts no more", () =>
  withGate(
    { fixed: [{ tool: "fs", scope: "*", source: "config", expiresAt: 999 }] },
    async ({ gate }) => assert.equal((await gate.check(write, signal)).kind, "denied"),
  ));

Deno.test("a call that touches two places needs a grant for both", () =>
  withGate(
    { fixed: [{ tool: "fs", scope: "file:/w/a", source: "config" }] },
    async ({ gate }) => {
      const second: Resource = { kind: "file", operation: "write", path: "/w/b", root: "/w" };
      const move = { ...write, resources: [write.resources[0], second] as const };
      assert.equal((await gate.check(move, signal)).kind, "denied");
    },
  ));

Deno.test("switched off, the gate lets everything pass; not interactive, it asks nobody (A114)", async () => {
  await withGate({ policy: { enabled: false } }, async ({ gate }) => {
    assert.equal((await gate.check(write, signal)).kind, "approved");
  });
  await withGate(
    { policy: { interactive: false }, replies: [{ kind: "once" }] },
    async ({ gate, asked }) => {
      assert.equal((await gate.check(write, signal)).kind, "denied");
      assert.equal(asked.length, 0);
    },
  );
});

Deno.test("without allowAlways nothing standing is offered or kept", () =>
  withGate(
    { policy: { allowAlways: false }, replies: [{ kind: "always", scope: "host:a.org" }] },
    async ({ gate, grants, asked }) => {
      await gate.check(request("https://a.org/x"), signal);
      assert.equal(asked[0]?.standing, false);
      assert.deepEqual(await grants.list(), []);
    },
  ));

Deno.test("calls at the same time are asked one after the other, and an answer serves the next", () =>
  withGate({ replies: [{ kind: "turn", scope: "host:a.org" }] }, async ({ gate, asked }) => {
    const all = await Promise.all(
      ["x", "y", "z"].map((path) => gate.check(request(`https://a.org/${path}`), signal)),
    );
    assert.deepEqual(all.map(({ kind }) => kind), ["approved", "approved", "approved"]);
    assert.equal(asked.length, 1);
  }));

Deno.test("who waits at the gate when the run ends is neither asked for nor refused (A116, A130)", async () => {
  const ended = new AbortController();
  const directory = await Deno.makeTempDir();
  let answered = 0;
  const approver: Approver = {
    async ask(_request, signal) {
      await new Promise((resolve) => setTimeout(resolve, 10)); // as a person at a terminal does
      if (!signal.aborted) answered++;
      return { kind: "reject" };
    },
  };
  const grants = openGrants(openFiles(directory), [], clock, createRandom());
  const policy = { enabled: true, interactive: true, allowAlways: true, askAlso: [] };
  const gate = createTestGate({ grants, approver, policy, base, clock });
  const checks = ["x", "y", "z"].map(async (path) => {
    const wanted = callOf(path, {}, "write", { kind: "plain" }); // three tools, so no list
    const decision = await gate.check(wanted, ended.signal);
    ended.abort(); // a rejection ends the run
    return decision.kind;
  });
  const statuses = (await Promise.allSettled(checks)).map(({ status }) => status).sort();
  assert.deepEqual(statuses, ["fulfilled", "rejected", "rejected"]);
  assert.equal(answered, 1);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("a redirect within the grant passes; one outside of it asks", () =>
  withGate(
    { replies: [{ kind: "turn", scope: "host:a.org" }, { kind: "reject" }] },
    async ({ gate, asked }) => {
      const decision = await gate.check(request("https://a.org/x"), signal);
      assert.ok(decision.kind === "approved");
      const hop = (url: string): Resource => ({ kind: "url", method: "GET", url });
      assert.equal(await decision.mayAlso(hop("https://a.org/y"), signal), true);
      assert.equal(asked.length, 1);
      assert.equal(await decision.mayAlso(hop("https://b.org/y"), signal), false);
      assert.equal(asked.length, 2);
      assert.deepEqual(asked[1]?.offers, [], "where a server leads to is allowed once at most");
    },
  ));

Deno.test("the fingerprint is a full SHA-256, blind to the order of keys and to nothing else (A115)", () =>
  withGate({}, async ({ gate, asked }) => {
    const resource: Resource = { kind: "plain" };
    const calls = [{ a: 1, b: { c: 2, d: [1, 2] } }, { b: { d: [1, 2], c: 2 }, a: 1 }, {
      a: 1,
      b: { c: 2, d: [2, 1] },
    }];
    for (const args of calls) await gate.check(callOf("x", args, "write", resource), signal);
    const prints = asked.map(({ fingerprint }) => fingerprint);
    assert.match(prints[0] ?? "", /^[0-9a-f]{64}$/);
    assert.equal(prints[0], prints[1]);
    assert.notEqual(prints[0], prints[2]);
    await gate.check(callOf("y", { b: { d: [1, 2], c: 2 }, a: 1 }, "write", resource), signal);
    assert.notEqual(asked[3]?.fingerprint, prints[0], "the same arguments of another tool");
  }));

Deno.test("a damaged grant file is an error, allows nothing and stays as it is", () =>
  withGate({}, async ({ gate, grants, directory }) => {
    await Deno.writeTextFile(`${directory}/grants.json`, '{"grants": [{"tool": "fs"');
    await assert.rejects(grants.list(), /grants.json: the file is damaged/);
    await assert.rejects(gate.check(write, signal));
    await assert.rejects(grants.add({ tool: "fs", scope: "*" }));
    const text = await Deno.readTextFile(`${directory}/grants.json`);
    assert.equal(text, '{"grants": [{"tool": "fs"');
  }));
