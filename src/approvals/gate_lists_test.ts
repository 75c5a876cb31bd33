import assert from "node:assert/strict";
import { type Call, createTestGate } from "../../tests/fakes/test_gate.ts";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import { createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import type { ApprovalReply, ApprovalRequest } from "./approver.ts";
import { MOST_QUESTIONS } from "./gate.ts";
import { openGrants } from "./grants.ts";

const URL_HOLDS = { name: "url", isCertain: true };

// A135: similar calls that wait at the same time are shown and answered as one list.

interface Bench {
  readonly check: (call: Call, signal?: AbortSignal) => Promise<string>;
  readonly asked: readonly ApprovalRequest[];
}

async function withReplies(
  replies: readonly ApprovalReply[],
  test: (bench: Bench) => Promise<void>,
) {
  const directory = await Deno.makeTempDir();
  const asked: ApprovalRequest[] = [];
  const clock = createFakeClock();
  const gate = createTestGate({
    grants: openGrants(openFiles(directory), [], clock, createRandom()),
    approver: {
      ask(request) {
        asked.push(request);
        return Promise.resolve(replies[asked.length - 1] ?? { kind: "unavailable" });
      },
    },
    policy: { enabled: true, interactive: true, allowAlways: true, askAlso: [] },
    base: { root: "/w", userHome: undefined },
    // as the real clock: what was begun before goes on while it sleeps
    clock: { ...clock, sleep: () => new Promise((resolve) => setTimeout(resolve, 20)) },
  });
  const calm = new AbortController().signal;
  try {
    await test({
      asked,
      check: async (call, signal = calm) => {
        const decided = await gate.check(call, signal);
        if (decided.kind === "denied") return `denied: ${decided.decision}`;
        return `${decided.decision} ${decided.fingerprint.length}`;
      },
    });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function callTo(path: string, more: Partial<Call> = {}): Call {
  const url = `https://a.org/${path}`;
  return {
    ...{ turnId: "t1", conversation: "cli:x", effect: "outward" },
    call: { id: 1, tool: "web_fetch", args: { url } },
    resources: [{ kind: "url", method: "GET", url }],
    preview: { title: `GET ${url}`, fields: [] },
    ...more,
  };
}

const titlesOf = ({ preview, similar = [] }: ApprovalRequest) =>
  [preview, ...similar.map((one) => one.preview)].map(({ title }) => title).sort();

Deno.test("A135: calls made at once are one question, shown complete, and `all` allows each of them once", () =>
  withReplies([{ kind: "all" }], async ({ check, asked }) => {
    const paths = ["1", "2", "3", "4"];
    const decided = await Promise.all(paths.map((path) => check(callTo(path))));
    assert.deepEqual(decided, paths.map(() => "once 64"));
    assert.equal(asked.length, 1);
    assert.deepEqual(titlesOf(asked[0]!), paths.map((path) => `GET https://a.org/${path}`));
    // the very same call asks again: nothing was granted
    assert.equal(await check(callTo("1")), "denied: unasked");
    assert.equal(asked.length, 2);
  }));

Deno.test("A135: what comes while a list is gathered belongs to it", () =>
  withReplies([{ kind: "all" }], async ({ check, asked }) => {
    const late = async (path: string, turns: number): Promise<string> => {
      for (let turn = 0; turn < turns; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return await check(callTo(path));
    };
    const decided = await Promise.all(["1", "2", "3", "4"].map((path, n) => late(path, n)));
    assert.deepEqual(decided, ["once 64", "once 64", "once 64", "once 64"]);
    assert.equal(asked.length, 1);
  }));

Deno.test("A135: a no to the list refuses every call of it", () =>
  withReplies([{ kind: "reject" }], async ({ check, asked }) => {
    const decided = await Promise.all(["1", "2", "3"].map((path) => check(callTo(path))));
    assert.deepEqual(decided, ["denied: denied", "denied: denied", "denied: denied"]);
    assert.equal(asked.length, 1);
  }));

Deno.test("A135: asked one by one, each call has its own answer, and each counts as a question", () =>
  withReplies(
    [{ kind: "singly" }, { kind: "once" }, { kind: "reject" }, { kind: "once" }],
    async ({ check, asked }) => {
      const decided = await Promise.all(["1", "2", "3"].map((path) => check(callTo(path))));
      assert.deepEqual(decided.toSorted(), ["denied: denied", "once 64", "once 64"]);
      assert.deepEqual(asked.map(({ similar }) => similar?.length), [
        2,
        undefined,
        undefined,
        undefined,
      ]);
    },
  ));

Deno.test("A135: a list counts as one of the questions that a turn may ask", () =>
  withReplies(
    Array.from({ length: MOST_QUESTIONS }, (): ApprovalReply => ({ kind: "all" })),
    async ({ check, asked }) => {
      for (let round = 0; round < MOST_QUESTIONS; round++) {
        const two = await Promise.all(["a", "b"].map((path) => check(callTo(`${path}${round}`))));
        assert.deepEqual(two, ["once 64", "once 64"]);
      }
      assert.equal(asked.length, MOST_QUESTIONS);
      assert.equal(await check(callTo("more")), "denied: unasked");
      assert.equal(asked.length, MOST_QUESTIONS);
    },
  ));

Deno.test("A135: what is offered for a list covers all of it, and an answer that covers it is no list's `all`", () =>
  withReplies([{ kind: "turn", scope: "host:a.org" }], async ({ check, asked }) => {
    const decided = await Promise.all(["x/1", "x/2"].map((path) => check(callTo(path))));
    assert.deepEqual(decided, ["turn 64", "turn 64"]);
    assert.deepEqual(asked[0]?.offers.map(({ scope }) => scope), ["host:a.org"]);
  }));

Deno.test("A116, A135: a run that has read text of others gets a list of these calls once, nothing more", () =>
  withReplies([{ kind: "all" }], async ({ check, asked }) => {
    const foreign = { foreign: true, findDerived: () => [URL_HOLDS] };
    const decided = await Promise.all(["1", "2"].map((path) => check(callTo(path, foreign))));
    assert.deepEqual(decided, ["once 64", "once 64"]);
    assert.deepEqual([asked[0]?.offers, asked[0]?.lease], [[], undefined]);
    assert.deepEqual(asked[0]?.similar?.map(({ derived }) => derived), [[URL_HOLDS]]);
  }));

for (
  const [what, more] of [
    ["tool", { call: { id: 2, tool: "http_request", args: {} } }],
    ["effect", { effect: "read" }],
    ["mark", { foreign: true }],
  ] as const
) {
  Deno.test(`A135: a call of another ${what} is asked about by itself`, () =>
    withReplies([{ kind: "once" }, { kind: "once" }], async ({ check, asked }) => {
      const decided = await Promise.all([check(callTo("1")), check(callTo("2", more))]);
      assert.deepEqual(decided, ["once 64", "once 64"]);
      assert.deepEqual(asked.map(({ similar }) => similar), [undefined, undefined]);
    }));
}

Deno.test("A135: `all` is no answer to a single call, and allows nothing", () =>
  withReplies([{ kind: "all" }, { kind: "singly" }, { kind: "lease" }], async ({ check }) => {
    for (const path of ["1", "2", "3"]) assert.equal(await check(callTo(path)), "denied: denied");
  }));

Deno.test("A135: a call whose run has ended is in no list", () =>
  withReplies([{ kind: "once" }], async ({ check, asked }) => {
    const ended = new AbortController();
    const first = check(callTo("1"));
    const second = check(callTo("2"), ended.signal);
    ended.abort();
    assert.deepEqual((await Promise.allSettled([first, second])).map(({ status }) => status), [
      "fulfilled",
      "rejected",
    ]);
    assert.deepEqual(asked.map(({ similar }) => similar), [undefined]);
  }));
