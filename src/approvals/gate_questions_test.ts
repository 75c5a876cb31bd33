import assert from "node:assert/strict";
import { type Call, createTestGate, type TestGate } from "../../tests/fakes/test_gate.ts";
import { createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import type { ApprovalReply, ApprovalRequest } from "./approver.ts";
import { MOST_QUESTIONS } from "./gate.ts";
import type { GatePorts } from "./gate_ports.ts";
import { openGrants, type StandingGrant } from "./grants.ts";
import { alone } from "../../tests/fakes/alone.ts";

const URL_HOLDS = { name: "url", isCertain: true };

// A116: what is offered once a run has read text of others, and how often it may ask.

interface Bench {
  readonly gate: TestGate;
  /** The gate of another turn with the same person. */
  readonly otherTurn: TestGate;
  readonly asked: readonly ApprovalRequest[];
  readonly given: readonly StandingGrant[];
}

async function withAnswer(
  reply: ApprovalReply,
  test: (bench: Bench) => Promise<void>,
  askAlso: readonly string[] = [],
) {
  const directory = await Deno.makeTempDir();
  const asked: ApprovalRequest[] = [];
  const given: StandingGrant[] = [];
  const clock = createFakeClock();
  const ports: GatePorts = {
    ...alone(),
    grants: openGrants(openFiles(directory), [], clock, createRandom()),
    approver: {
      ask: (request) => {
        asked.push(request);
        return Promise.resolve(reply);
      },
    },
    policy: { enabled: true, interactive: true, allowAlways: true, askAlso },
    base: { root: "/w", userHome: undefined },
    clock,
    onGrant: (grant) => Promise.resolve(void given.push(grant)),
  };
  try {
    const [gate, otherTurn] = [createTestGate(ports), createTestGate(ports)];
    await test({ gate, otherTurn, asked, given });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function callTo(url: string, more: Partial<Call> = {}): Call {
  return {
    turnId: "t1",
    conversation: "cli:x",
    call: { id: 1, tool: "http_request", args: { url } },
    effect: "outward",
    resources: [{ kind: "url", method: "GET", url }],
    preview: { title: `GET ${url}`, fields: [{ name: "url", value: url }] },
    ...more,
  };
}

const signal = new AbortController().signal;

Deno.test("A116: a run that has read text of others is offered this call alone", () =>
  withAnswer({ kind: "once" }, async ({ gate, asked }) => {
    await gate.check(callTo("https://a.org/x"), signal);
    await gate.check(
      callTo("https://a.org/x", { foreign: true, findDerived: () => [URL_HOLDS] }),
      signal,
    );
    assert.ok((asked[0]?.offers.length ?? 0) > 0);
    assert.deepEqual([asked[0]?.foreign, asked[0]?.derived], [false, []]);
    assert.deepEqual([asked[1]?.offers, asked[1]?.foreign, asked[1]?.derived], [[], true, [
      URL_HOLDS,
    ]]);
  }));

Deno.test("A116: an answer that was not offered is none", () =>
  withAnswer({ kind: "always", scope: "host:a.org" }, async ({ gate, given }) => {
    const decided = await gate.check(callTo("https://a.org/x", { foreign: true }), signal);
    assert.deepEqual([decided.kind, given], ["denied", []]);
  }));

Deno.test("A116: a turn asks five times; the next call is refused unasked, another turn asks again", () =>
  withAnswer({ kind: "once" }, async ({ gate, otherTurn, asked }) => {
    for (let n = 0; n < MOST_QUESTIONS; n++) {
      assert.equal((await gate.check(callTo(`https://a.org/${n}`), signal)).kind, "approved");
    }
    const sixth = await gate.check(callTo("https://a.org/more"), signal);
    assert.ok(sixth.kind === "denied" && sixth.tired && sixth.decision === "unasked");
    assert.equal(asked.length, MOST_QUESTIONS);
    await otherTurn.check(callTo("https://a.org/more"), signal);
    assert.equal(asked.length, MOST_QUESTIONS + 1);
  }));

Deno.test("A132: who is told of grants hears of each one that is given for good, with its id", () =>
  withAnswer({ kind: "always", scope: "host:a.org" }, async ({ gate, given }) => {
    await gate.check(callTo("https://a.org/x"), signal);
    assert.deepEqual(given.map(({ tool, scope }) => [tool, scope]), [[
      "http_request",
      "host:a.org",
    ]]);
    assert.match(given[0]?.id ?? "", /^\w{16}$/);
    assert.equal(given[0]?.conversation, "cli:x");
  }));

Deno.test("A124: what has no effect passes unasked, unless its tool is to be asked for", async () => {
  const recall = callTo("x", {
    call: { id: 1, tool: "memory_recall", args: {} },
    effect: "none",
    resources: [{ kind: "plain" }],
  });
  await withAnswer({ kind: "reject" }, async ({ gate, asked }) => {
    assert.equal((await gate.check(recall, signal)).kind, "approved");
    assert.deepEqual(asked, []);
  });
  await withAnswer({ kind: "reject" }, async ({ gate, asked }) => {
    assert.equal((await gate.check(recall, signal)).kind, "denied");
    assert.equal(asked.length, 1);
  }, ["memory_recall"]);
});

/** A gate whose one answer comes when `looks` calls have found no grant, so all others wait. */
async function withLateAnswer(
  reply: ApprovalReply,
  looks: number,
  test: (gate: TestGate, asked: readonly ApprovalRequest[]) => Promise<void>,
  meanwhile: (asking: AbortSignal) => void = () => {},
) {
  const directory = await Deno.makeTempDir();
  const asked: ApprovalRequest[] = [];
  const clock = createFakeClock();
  const grants = openGrants(openFiles(directory), [], clock, createRandom());
  const allWait = Promise.withResolvers<void>();
  const gate = createTestGate({
    grants: {
      ...grants,
      list: async () => {
        const all = await grants.list();
        if (--looks === 0) setTimeout(allWait.resolve); // once that look has led to nothing
        return all;
      },
    },
    approver: {
      async ask(request, signal) {
        asked.push(request);
        await allWait.promise;
        if (asked.length === 1) meanwhile(signal);
        return asked.length === 1 ? reply : { kind: "unavailable" };
      },
    },
    policy: { enabled: true, interactive: true, allowAlways: true, askAlso: [] },
    base: { root: "/w", userHome: undefined },
    clock,
  });
  try {
    await test(gate, asked);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

for (const kind of ["turn", "always"] as const) {
  Deno.test(`calls that wait for the answer to another one are not asked for when it covers them (${kind})`, () =>
    withLateAnswer({ kind, scope: "host:a.org" }, 4, async (gate, asked) => {
      const decided = await Promise.all(
        // the first of them looks twice before it asks
        ["1", "2", "3"].map((path) => gate.check(callTo(`https://a.org/${path}`), signal)),
      );
      assert.deepEqual(decided.map((one) => one.kind), ["approved", "approved", "approved"]);
      assert.equal(asked.length, 1);
    }));
}

Deno.test("a call that waits for the answer to another one is asked for when that does not cover it", () =>
  withLateAnswer({ kind: "once" }, 3, async (gate, asked) => {
    const decided = await Promise.all(
      ["1", "2"].map((path) => gate.check(callTo(`https://a.org/${path}`), signal)),
    );
    assert.deepEqual(decided.map((one) => one.kind).sort(), ["approved", "denied"]);
    assert.equal(asked.length, 2);
  }));

for (const reply of [{ kind: "turn", scope: "host:a.org" }, { kind: "once" }] as const) {
  Deno.test(`a call whose run ended while it waited neither passes nor is asked for (${reply.kind})`, () => {
    const runs = [new AbortController(), new AbortController()];
    const endOthers = (asking: AbortSignal) => {
      for (const run of runs) if (run.signal !== asking) run.abort();
    };
    return withLateAnswer(reply, 3, async (gate, asked) => {
      const decided = await Promise.allSettled(
        runs.map((run, index) => gate.check(callTo(`https://a.org/${index}`), run.signal)),
      );
      assert.deepEqual(decided.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
      assert.equal(asked.length, 1);
    }, endOthers);
  });
}

Deno.test("after a no the run has time to end, before a waiting call of its turn is asked about", async () => {
  const ended = new AbortController();
  const asked: string[] = [];
  const directory = await Deno.makeTempDir();
  const clock = createFakeClock();
  const ports: GatePorts = {
    ...alone(),
    grants: openGrants(openFiles(directory), [], clock, createRandom()),
    approver: {
      ask: ({ preview }) => Promise.resolve(void asked.push(preview.title)).then(() => NO),
    },
    policy: { enabled: true, interactive: true, allowAlways: true, askAlso: [] },
    base: { root: "/w", userHome: undefined },
    clock: {
      ...clock,
      sleep: (ms, signal) => {
        if (ms < 1_000) return Promise.resolve(); // until all calls are there
        setTimeout(() => ended.abort(new Error("the run has ended")));
        return new Promise((_resolve, reject) =>
          signal?.addEventListener("abort", () => reject(signal.reason))
        );
      },
    },
  };
  const [gate, otherTurn] = [createTestGate(ports), createTestGate(ports)];
  // of two effects, so that they are not asked about as one list
  const both = (["outward", "read"] as const).map((effect, index) =>
    gate.check(callTo(`https://a.org/${index}`, { effect }), ended.signal)
  );
  const endings = await Promise.allSettled(both);
  assert.deepEqual(endings.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  assert.equal(asked.length, 1);
  assert.equal((await otherTurn.check(callTo("https://a.org/3"), signal)).kind, "denied");
  assert.equal(asked.length, 2);
  await Deno.remove(directory, { recursive: true });
});

const NO: ApprovalReply = { kind: "reject" };
