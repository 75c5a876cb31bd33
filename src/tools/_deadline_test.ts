import assert from "node:assert/strict";
import { startDeadline } from "./_deadline.ts";

const never = new AbortController().signal;
const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));

Deno.test("startDeadline() aborts its signal when the time is up", async () => {
  const deadline = startDeadline(10, never);
  assert.equal(deadline.signal.aborted, false);
  await aborted(deadline.signal);
  deadline.stop();
});

Deno.test("startDeadline() stands still during a question, however long it takes", async () => {
  const deadline = startDeadline(1_000, never);
  const answer = await deadline.without(async () => {
    await pass(1_200);
    return "yes";
  });
  assert.deepEqual([answer, deadline.signal.aborted], ["yes", false]);
  await deadline.without(() => Promise.resolve()); // the next question does not count the first
  await pass(20);
  assert.equal(deadline.signal.aborted, false);
  deadline.stop();
});

Deno.test("startDeadline() goes on after a question, one that fails too", async () => {
  const deadline = startDeadline(50, never);
  await assert.rejects(deadline.without(() => Promise.reject(new Error("no"))), /no/);
  await aborted(deadline.signal);
  deadline.stop();
});

Deno.test("startDeadline() counts the time before a question and the time after it together", async () => {
  // twenty questions with time between them use the time up as one piece would
  const deadline = startDeadline(300, never);
  for (let n = 0; n < 20 && !deadline.signal.aborted; n++) {
    await pass(30);
    await deadline.without(() => Promise.resolve());
  }
  assert.equal(deadline.signal.aborted, true);
  deadline.stop();
});

Deno.test("startDeadline() aborts with its parent, during a question too, and is over once stopped", async () => {
  const parent = new AbortController();
  const deadline = startDeadline(60_000, parent.signal);
  await deadline.without(() => {
    parent.abort(new Error("the run has ended"));
    return Promise.resolve();
  });
  assert.equal(deadline.signal.aborted, true);
  deadline.stop();
  const other = new AbortController();
  const stopped = startDeadline(1, other.signal);
  stopped.stop();
  other.abort();
  await pass(20);
  assert.equal(stopped.signal.aborted, false);
});
