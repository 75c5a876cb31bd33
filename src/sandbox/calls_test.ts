import assert from "node:assert/strict";
import type { Failure } from "../domain/failure.ts";
import type { RunOutcome } from "../domain/turn.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { Limits, ToolHost, ToolReply } from "./sandbox.ts";
import { createTestSandbox } from "../../tests/fakes/workers.ts";

const NOW = 1_000_000;
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const ok = (value: number | string): ToolReply => ({ kind: "result", value, now: NOW });

/** Runs one program in a sandbox of its own. */
async function run(
  source: string,
  host: ToolHost,
  limits: Partial<Limits> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<RunOutcome> {
  const sandbox = createTestSandbox();
  const program = { source, args: {}, tools: ["tool"], seed: "", now: NOW, timezoneOffset: 0 };
  return await sandbox.run(program, { ...DEFAULT_LIMITS, cpuMs: 10_000, ...limits }, host, signal);
}

function failureOf(outcome: RunOutcome): Failure | undefined {
  return outcome.kind === "failed" || outcome.kind === "ended" ? outcome.failure : undefined;
}

Deno.test("A99: waiting for a tool does not count as the program's time", async () => {
  const source = "for (let i = 0; i < 3; i++) await tool({}); return 'patient'";
  const host: ToolHost = () => sleep(800).then(() => ok(1));
  const outcome = await run(source, host, { cpuMs: 2000 });
  assert.deepEqual(outcome, { kind: "completed", value: "patient", console: [] });
});

Deno.test("A97: the time between calls adds up", async () => {
  const source = "for (;;) { for (let i = 0; i < 1e5; i++); await tool({}) }";
  let calls = 0;
  const host: ToolHost = () => Promise.resolve(ok(calls++));
  const outcome = await run(source, host, { cpuMs: 300, calls: 1e6 });
  // no piece alone is as long as that, and a million calls would end it otherwise
  assert.equal(failureOf(outcome)?.code, "runtime_timeout");
  assert.ok(calls > 3, `${calls} calls`);
  const then = calls;
  await sleep(100);
  assert.equal(calls, then, "no call after the end");
});

Deno.test("A100: the call after the last one ends the run", async () => {
  let calls = 0;
  const source = "for (;;) { try { await tool({}) } catch {} }";
  const outcome = await run(source, () => Promise.resolve(ok(++calls)), { calls: 3 });
  assert.equal(calls, 3);
  assert.equal(failureOf(outcome)?.code, "too_many_calls");
  assert.match(failureOf(outcome)?.message ?? "", /3 times/);
});

Deno.test("A111: calls run side by side up to the limit, the others wait in order", async () => {
  let [open, most] = [0, 0];
  const begun: number[] = [];
  const host: ToolHost = async ({ args }) => {
    begun.push(args.i as number);
    most = Math.max(most, ++open);
    await sleep(20);
    open--;
    return ok(args.i as number);
  };
  const source = "return Promise.all([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => tool({ i })))";
  const outcome = await run(source, host, { callsInFlight: 4 });
  assert.deepEqual(outcome, {
    kind: "completed",
    value: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    console: [],
  });
  assert.equal(most, 4);
  assert.deepEqual(begun, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

Deno.test("A112: cancelling ends the program at once and aborts its calls", async () => {
  const controller = new AbortController();
  let aborted = false;
  const host: ToolHost = (_call, signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(aborted = true));
      setTimeout(() => controller.abort(), 20);
    });
  const source = "console.log('started'); await tool({}); for (;;);";
  const outcome = await run(source, host, { cpuMs: 60_000 }, controller.signal);
  assert.deepEqual(outcome, { kind: "cancelled", console: ["started"] });
  assert.ok(aborted);
});

Deno.test("A112: cancelling stops a program that computes", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 300);
  const source = "for (;;);";
  const outcome = await run(
    source,
    () => sleep(0).then(() => ok(1)),
    { cpuMs: 60_000 },
    controller.signal,
  );
  assert.deepEqual(outcome, { kind: "cancelled", console: [] });
});

Deno.test("a run that was cancelled before it began starts nothing", async () => {
  const outcome = await run("tool({})", () => Promise.reject(), {}, AbortSignal.abort());
  assert.deepEqual(outcome, { kind: "cancelled", console: [] });
});

Deno.test("the host ends the run, and the program does not get to know", async () => {
  const failure: Failure = { code: "approval_denied", message: "No", hint: "Ask differently" };
  const source = "console.log(1); try { await tool({}) } catch { console.log(2) } return 3";
  const outcome = await run(source, () => Promise.resolve({ kind: "end", failure }));
  assert.deepEqual(outcome, { kind: "ended", failure, console: ["1"] });
});

Deno.test("a failed call rejects with an Error of code and message", async () => {
  const failure: Failure = { code: "file_not_found", message: "No a.txt", hint: "Look again" };
  const host: ToolHost = () => Promise.resolve({ kind: "error", failure, now: NOW });
  const caught = await run(
    "try { await tool({}) } catch (e) { return [e instanceof Error, e.code, e.message, { ...e }] }",
    host,
  );
  assert.deepEqual(caught, {
    kind: "completed",
    value: [true, "file_not_found", "No a.txt", { code: "file_not_found" }],
    console: [],
  });
});

Deno.test("a failed call that nobody catches is the failure of the run, with its line", async () => {
  const failure: Failure = { code: "network_blocked", message: "Private", hint: "Allow it" };
  const host: ToolHost = () => Promise.resolve({ kind: "error", failure, now: NOW });
  const outcome = await run("async function run() {\n  return await tool({});\n}", host);
  assert.deepEqual(outcome, { kind: "failed", failure: { ...failure, line: 2 }, console: [] });
});

Deno.test("a result that is too large fails the call, not the host", async () => {
  const host: ToolHost = () => Promise.resolve(ok("ä".repeat(600)));
  const source = "return tool({}).catch((e) => e.code)";
  const outcome = await run(source, host, { resultBytes: 1000 });
  assert.deepEqual(outcome, { kind: "completed", value: "result_too_large", console: [] });
});

Deno.test("a host that throws ends the run without a word of its own", async () => {
  const outcome = await run("await tool({})", () => Promise.reject(new Error("secret")));
  assert.equal(failureOf(outcome)?.code, "internal");
  assert.ok(!JSON.stringify(outcome).includes("secret"));
});

Deno.test("what is printed beyond the limit is cut once and marked", async () => {
  const source = "for (let i = 0; i < 100; i++) console.log('0123456789')";
  const outcome = await run(source, () => Promise.reject(), { consoleBytes: 30 });
  assert.deepEqual(outcome.console, [
    "0123456789",
    "0123456789",
    "0123456",
    "[more was printed and is not kept]",
  ]);
});

Deno.test("calls have the numbers 1, 2, 3 and the exact arguments", async () => {
  const calls: unknown[] = [];
  const host: ToolHost = ({ id, tool, args }) => {
    calls.push([id, tool, args]);
    return Promise.resolve(ok(id));
  };
  await run("await tool({ a: [1, 'x'] }); await Promise.all([tool(), tool({ b: null })])", host);
  assert.deepEqual(calls, [
    [1, "tool", { a: [1, "x"] }],
    [2, "tool", {}],
    [3, "tool", { b: null }],
  ]);
});

Deno.test("the same seed and the same answers give the same run", async () => {
  const source = `const seen = [];
    for (let i = 0; i < 3; i++) seen.push(await tool({ r: Math.random(), t: Date.now(), i }));
    return [seen, Math.random(), performance.now()]`;
  const runOnce = async () => {
    const calls: unknown[] = [];
    let now = NOW;
    const outcome = await run(source, async ({ args }) => {
      calls.push(args);
      await sleep(Math.random() * 10);
      return { kind: "result", value: args, now: now += 7 };
    });
    return { outcome, calls };
  };
  assert.deepEqual(await runOnce(), await runOnce());
});
