import assert from "node:assert/strict";
import type { Approver } from "../approvals/approver.ts";
import { createGate } from "../approvals/gate.ts";
import { openGrants } from "../approvals/grants.ts";
import { openAudit } from "../audit/audit.ts";
import type { Capability } from "../domain/clam.ts";
import { CodedError } from "../domain/failure.ts";
import type { Effect } from "../domain/tool_call.ts";
import type { JsonObject } from "../domain/json.ts";
import { createClock, createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import { createRedactor } from "../secrets/redactor.ts";
import { createDispatch } from "./dispatch.ts";
import type { Dispatch, Road } from "./road.ts";
import type { Tool } from "./tool.ts";
import { attemptOf, openTestRuns } from "../../tests/fakes/runs.ts";
import { alone, CALLER, SOME_TURN } from "../../tests/fakes/alone.ts";
import { plainly } from "../../tests/fakes/plainly.ts";

// What the journal takes for one call: the tool and what its arguments mean, not how they were
// written. And what a run knows of its earlier calls, the clock of a call, and the end of the run.

const never = new AbortController().signal;

interface Setting {
  /** What arguments mean at the moment. */
  readonly read?: (args: JsonObject) => JsonObject;
  readonly effect?: Effect;
  /** The tools' results hold text of others. */
  readonly foreign?: boolean;
  readonly capabilities?: readonly Capability[];
  readonly approver?: Approver;
  readonly callMs?: number;
  /** The tools ask for a further place before they are done. */
  readonly goesOn?: boolean;
  /** The tools fail once they have done something. */
  readonly fails?: boolean;
}

interface Bench {
  /** Begins an attempt. */
  open(): Road;
  /** `tool ARGUMENTS` of each call that was done. */
  readonly done: readonly string[];
}

async function withTools(setting: Setting, test: (bench: Bench) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  const done: string[] = [];
  const dispatch = layOut(directory, setting, done);
  const journal = openTestRuns().open(SOME_TURN);
  const roads: Road[] = [];
  const open = () => {
    const context = { ...CALLER, turnId: "t1", conversation: "cli:x" };
    const declared = { declaredTools: ["post", "put"], capabilities: setting.capabilities ?? [] };
    const road = dispatch.open({ context, ...declared, attempt: attemptOf(journal), run: journal });
    roads.push(road);
    return road;
  };
  try {
    await test({ open, done });
    for (const road of roads) await road.settled();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const YES: Approver = { ask: () => Promise.resolve({ kind: "once" }) };

function layOut(directory: string, setting: Setting, done: string[]): Dispatch {
  const { approver = YES, callMs = 60_000 } = setting;
  const [clock, random, files] = [createClock(), createRandom(), openFiles(directory)];
  const base = { root: directory, userHome: undefined };
  const policy = { enabled: true, interactive: true, allowAlways: true, askAlso: [] };
  const grants = openGrants(files.under("approvals"), [], clock, random);
  return createDispatch({
    ...alone(),
    tools: ["post", "put"].map((name) => toolThat(name, setting, done)),
    gate: createGate({
      ...alone(),
      grants,
      approver,
      policy,
      base,
      clock,
    }),
    audit: plainly(openAudit(files.under("audit"), clock)),
    redactor: createRedactor([]),
    clock,
    base,
    callMs,
  });
}

function toolThat(name: string, setting: Setting, done: string[]): Tool {
  const { read = (args: JsonObject) => args, effect = "outward", goesOn = false, fails = false } =
    setting;
  return {
    name,
    description: "",
    parameters: {},
    returns: {},
    foreign: setting.foreign ?? false,
    guidance: "",
    prepare: (written) => {
      const args = read(written);
      return Promise.resolve({
        args,
        effect,
        resource: { kind: "url", method: "POST", url: "https://a.org/" },
        preview: { title: name, fields: [] },
        run: async (approved, signal) => {
          const further = { kind: "url", method: "GET", url: "https://b.org/" } as const;
          const followed = goesOn && await approved.mayAlso(further, signal);
          signal.throwIfAborted();
          done.push(`${name} ${JSON.stringify(args)}`);
          if (fails) throw new CodedError("tool_failed", "the disk broke");
          return { n: done.length, followed };
        },
      });
    },
  };
}

const call = (args: JsonObject, tool = "post") => ({ id: 1, tool, args });

Deno.test("a call that is written differently and means the same is answered from the journal", () =>
  withTools({ read: ({ path }) => ({ path: String(path).replace("./", "") }) }, async (bench) => {
    await bench.open().host(call({ path: "./a" }), never);
    const second = bench.open();
    await second.host(call({ path: "a" }), never);
    assert.deepEqual(bench.done, ['post {"path":"a"}']);
    assert.equal(second.calls[0]?.decision, "journal");
  }));

Deno.test("a call that is written as before and means something else by now is done", () => {
  let root = "/one";
  return withTools({ read: ({ path }) => ({ path: `${root}/${path}` }) }, async (bench) => {
    await bench.open().host(call({ path: "a" }), never);
    root = "/other";
    const second = bench.open();
    await second.host(call({ path: "a" }), never);
    assert.deepEqual(bench.done, ['post {"path":"/one/a"}', 'post {"path":"/other/a"}']);
    assert.equal(second.calls[0]?.decision, "once");
  });
});

Deno.test("the same arguments of another tool are another call", () =>
  withTools({}, async (bench) => {
    await bench.open().host(call({ a: 1 }, "post"), never);
    const second = bench.open();
    await second.host(call({ a: 1 }, "put"), never);
    assert.deepEqual(bench.done, ['post {"a":1}', 'put {"a":1}']);
  }));

for (
  const [effect, times] of [["none", 2], ["read", 2], ["write", 1], ["outward", 1]] as const
) {
  Deno.test(`a call (${effect}) that failed half-way is made ${times === 1 ? "once" : "again"}`, () =>
    withTools({ effect, fails: true }, async (bench) => {
      await bench.open().host(call({}), never);
      await bench.open().host(call({}), never);
      assert.equal(bench.done.length, times);
    }));
}

Deno.test("the time of a question on the way is not the call's (A99)", async () => {
  const callMs = 2_000;
  let questions = 0;
  const approver: Approver = {
    async ask() {
      if (++questions === 2) await new Promise((resolve) => setTimeout(resolve, 1.1 * callMs));
      return { kind: "once" };
    },
  };
  await withTools({ approver, callMs, goesOn: true }, async (bench) => {
    const road = bench.open();
    const reply = await road.host(call({}), never);
    assert.deepEqual(reply.kind === "result" && reply.value, { n: 1, followed: true });
    assert.equal(questions, 2);
  });
});

Deno.test("a call whose run ends while the person is asked is cancelled, which no broken gate is", async () => {
  const ended = new AbortController();
  const approver: Approver = {
    ask(_request, signal) {
      ended.abort();
      return Promise.reject(signal.reason);
    },
  };
  await withTools({ approver }, async (bench) => {
    const road = bench.open();
    await road.host(call({}), ended.signal);
    assert.deepEqual([road.calls[0]?.decision, road.calls[0]?.outcome], ["refused", "cancelled"]);
    assert.deepEqual(bench.done, []);
  });
});

Deno.test("a call that comes after the end of its run is not even read", async () => {
  let reads = 0;
  await withTools({ read: (args) => (reads++, args) }, async (bench) => {
    const road = bench.open();
    const reply = await road.host(call({}), AbortSignal.abort());
    assert.deepEqual([reply.kind, road.calls[0]?.outcome, reads], ["end", "cancelled", 0]);
  });
});

Deno.test("calls that passed their rule are counted, whatever became of them (A108)", () =>
  withTools({
    capabilities: [{ method: "post", constraints: [], max_calls: 2 }],
    fails: true,
  }, async (bench) => {
    const road = bench.open();
    for (const n of [1, 2, 3]) await road.host(call({ n }), never);
    const outcomes = road.calls.map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, ["tool_failed", "tool_failed", "capability_violation"]);
    assert.equal(bench.done.length, 2);
  }));

for (
  const [effect, foreign] of [["read", true], ["outward", true], ["write", false]] as const
) {
  Deno.test(`a call (${effect}) of a tool with text of others ${foreign ? "brings it in" : "brings none in"}`, () =>
    withTools({ effect, foreign: true }, async (bench) => {
      const road = bench.open();
      assert.equal(road.foreign, false);
      await road.host(call({}), never);
      assert.equal(road.foreign, foreign);
    }));
}
