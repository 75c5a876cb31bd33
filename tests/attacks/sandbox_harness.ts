import assert from "node:assert/strict";
import type { FailureCode } from "../../src/domain/failure.ts";
import type { Json, JsonObject } from "../../src/domain/json.ts";
import type { RunOutcome } from "../../src/domain/turn.ts";
import { DEFAULT_LIMITS } from "../../src/sandbox/limits.ts";
import type { Limits, Sandbox, ToolHost } from "../../src/sandbox/sandbox.ts";
import { testInBinary } from "./sandbox_binary.ts";
import { timeFor } from "./sandbox_time.ts";
import { createBundledWorkers, createSharedThread, createTestSandbox } from "../fakes/workers.ts";

/** One hostile program, and all that may come of it. */
export interface Attack {
  /** What it tries, as the end of "a program that …". */
  readonly title: string;
  readonly source: string;
  /** The only codes or the only value it may end with. */
  readonly ends: FailureCode | readonly FailureCode[] | { readonly value: Json | undefined };
  /** Calls that reach the host; none unless said. */
  readonly calls?: number;
  readonly args?: JsonObject;
  readonly limits?: Partial<Limits>;
  /** What is otherwise in the binary, or why it is not tried there. */
  readonly binary?: string | Partial<Attack>;
}

/** Tools of every attack. `echo` answers its arguments, `refuse` fails, `stop` ends the run. */
export const TOOLS = ["echo", "refuse", "stop", "never"] as const;
const NOW = 1_700_000_000_000;

/** A host that keeps every call that reaches it. */
export function createCountingHost(): { host: ToolHost; calls: { tool: string; args: Json }[] } {
  const calls: { tool: string; args: Json }[] = [];
  const host: ToolHost = ({ tool, args }, signal) => {
    calls.push({ tool, args });
    const now = NOW + calls.length;
    switch (tool) {
      case "echo":
        return Promise.resolve({ kind: "result", value: args, now });
      case "refuse":
        return Promise.resolve({
          kind: "error",
          failure: { code: "network_blocked", message: "The test blocks everything" },
          now,
        });
      case "stop":
        return Promise.resolve({
          kind: "end",
          failure: { code: "approval_denied", message: "The person said no" },
        });
      default:
        return new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        });
    }
  };
  return { host, calls };
}

/** Where programs run: all in one thread, or each in the single-use worker that the program has. */
export type Threads = "one" | "each its own";

/**
 * Runs hostile programs one after the other in one sandbox and looks at what is left. Each one is
 * also the proof that those before it left the sandbox able to run a program; what they may have
 * left for the next one to find is looked for at the end. In one thread there is more to find than
 * the program ever leaves; in the binary each of them has its own worker.
 */
export function testAttacks(
  about: string,
  attacks: readonly Attack[],
  limits: Partial<Limits>,
  threads: Threads = "one",
) {
  if (Deno.env.has("CLAMBOT_BINARY")) return testInBinary(about, attacks, limits);
  Deno.test(`the sandbox holds ${attacks.length} programs that ${about}`, async (t) => {
    using shared = createSharedThread();
    const sandbox = threads === "one"
      ? createTestSandbox({ workers: shared, poolSize: 0 })
      : createTestSandbox({ workers: await createBundledWorkers() });
    if (threads !== "one") sandbox.warm();
    const finished: { title: string; then: number; calls: readonly unknown[] }[] = [];
    try {
      for (const attack of attacks) {
        await t.step(`a program that ${attack.title}`, async () => {
          const calls = await launch(sandbox, attack, { ...DEFAULT_LIMITS, ...limits });
          finished.push({ title: attack.title, then: calls.length, calls });
        });
      }
      await t.step("the next program, as if nothing had been", () => assertAlive(sandbox));
      for (const { title, then, calls } of finished) {
        assert.equal(calls.length, then, `"${title}" made calls after its end`);
      }
    } finally {
      sandbox.close();
    }
  });
}

/** What never ends fails here and holds nothing up; sandbox_loops_test.ts shows that limits count. */
const PATIENCE_MS = 120_000;

async function launch(sandbox: Sandbox, attack: Attack, limits: Limits) {
  const { host, calls } = createCountingHost();
  const given = { ...limits, ...attack.limits };
  const own = { ...given, cpuMs: timeFor(attack, given) };
  const outcome = await patiently(runIn(sandbox, attack.source, own, host, attack.args));
  assertEnd(outcome, attack.ends);
  assert.equal(calls.length, attack.calls ?? 0, "calls that reached the host");
  return calls;
}

async function patiently<Value>(promise: Promise<Value>): Promise<Value> {
  const { promise: never, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("it does not end")), PATIENCE_MS);
  try {
    return await Promise.race([promise, never]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs a program with the tools of the attacks. */
export function runIn(
  sandbox: Sandbox,
  source: string,
  limits: Limits,
  host: ToolHost,
  args: JsonObject = {},
): Promise<RunOutcome> {
  const program = { source, args, tools: TOOLS, seed: "attack", now: NOW, timezoneOffset: 0 };
  return sandbox.run(program, limits, host, new AbortController().signal);
}

function assertEnd(outcome: RunOutcome, ends: Attack["ends"]) {
  const shown = JSON.stringify(outcome).slice(0, 500);
  if (typeof ends === "object" && "value" in ends) {
    assert.equal(outcome.kind, "completed", shown);
    assert.deepEqual(outcome.kind === "completed" && outcome.value, ends.value, shown);
    return;
  }
  const code = outcome.kind === "failed" || outcome.kind === "ended" ? outcome.failure.code : "";
  assert.ok([ends].flat().includes(code as FailureCode), shown);
}

/** The next program runs as if nothing had been. */
async function assertAlive(sandbox: Sandbox) {
  const { host, calls } = createCountingHost();
  const source =
    "return (await echo({ list: [1, { a: Object.prototype.polluted ?? null }] })).list";
  const outcome = await runIn(sandbox, source, DEFAULT_LIMITS, host);
  assertEnd(outcome, { value: [1, { a: null }] });
  assert.equal(calls.length, 1);
}
