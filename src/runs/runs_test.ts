import assert from "node:assert/strict";
import fc from "fast-check";
import { SOME_TURN } from "../../tests/fakes/alone.ts";
import { type Attempt, type CallResult, openRuns, type Run } from "./runs.ts";

const result = (value: number): CallResult => ({ kind: "result", value });
const failure: CallResult = { kind: "error", failure: { code: "tool_failed", message: "no" } };
const done = (what: CallResult) => ({ kind: "done", result: what });
const NEW = { kind: "new" };
const open = (): Run => openRuns().open(SOME_TURN);

async function record(attempt: Attempt, call: string, what: CallResult): Promise<void> {
  await (await attempt.intend(call, false)).done(what);
}

Deno.test("a run knows nothing at first", () => {
  assert.deepEqual(open().beginAttempt().recall("a"), NEW);
});

Deno.test("an attempt is not answered from what it did itself", async () => {
  const attempt = open().beginAttempt();
  await record(attempt, "a", result(1));
  assert.deepEqual(attempt.recall("a"), NEW);
});

Deno.test("the next attempt is answered by what the one before did, failures too", async () => {
  const run = open();
  const first = run.beginAttempt();
  await record(first, "a", result(1));
  await record(first, "b", failure);
  const second = run.beginAttempt();
  assert.deepEqual(second.recall("b"), done(failure));
  assert.deepEqual(second.recall("a"), done(result(1)));
  assert.deepEqual(second.recall("c"), NEW);
});

Deno.test("a third attempt is answered by all that the first and the second did", async () => {
  const run = open();
  await record(run.beginAttempt(), "a", result(1));
  const second = run.beginAttempt();
  second.recall("a");
  await record(second, "a", result(2));
  const third = run.beginAttempt();
  assert.deepEqual([third.recall("a"), third.recall("a")], [done(result(1)), done(result(2))]);
});

Deno.test("what an attempt recalls is not taken from another attempt", async () => {
  const run = open();
  await record(run.beginAttempt(), "a", result(1));
  const [one, other] = [run.beginAttempt(), run.beginAttempt()];
  assert.deepEqual([one.recall("a"), other.recall("a")], [done(result(1)), done(result(1))]);
});

Deno.test("what is recorded after an attempt began is not known to it", async () => {
  const run = open();
  const first = run.beginAttempt();
  const second = run.beginAttempt();
  await record(first, "a", result(1));
  assert.deepEqual(second.recall("a"), NEW);
});

Deno.test("a call that was begun and never ended is in doubt, unless it changes nothing", async () => {
  const run = open();
  const first = run.beginAttempt();
  await first.intend("changes", false);
  await first.intend("reads", true);
  const second = run.beginAttempt();
  assert.deepEqual(second.recall("changes"), { kind: "in_doubt" });
  assert.deepEqual(second.recall("reads"), NEW);
});

Deno.test("a call that was not done after all is new again", async () => {
  const run = open();
  await (await run.beginAttempt().intend("a", false)).undone();
  assert.deepEqual(run.beginAttempt().recall("a"), NEW);
});

Deno.test("equal calls are answered in the order in which they were begun, each once", async () => {
  const calls = fc.array(fc.tuple(fc.constantFrom("a", "b", "__proto__"), fc.nat()));
  await fc.assert(fc.asyncProperty(calls, fc.boolean(), async (made, lateFirst) => {
    const run = open();
    const first = run.beginAttempt();
    const intents = [];
    for (const [call] of made) intents.push(await first.intend(call, false));
    const ends = intents.map((intent, index) => () => intent.done(result(made[index]?.[1] ?? 0)));
    for (const end of lateFirst ? ends.toReversed() : ends) await end();
    const second = run.beginAttempt();
    for (const [call, value] of made) assert.deepEqual(second.recall(call), done(result(value)));
    for (const [call] of made) assert.deepEqual(second.recall(call), NEW);
  }));
});
