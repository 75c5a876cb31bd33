import assert from "node:assert/strict";
import type { ApprovalRequest } from "../approvals/approver.ts";
import { failureOfAbort, startTimeLimit } from "./time_limit.ts";
import { NO_SECRETS } from "../../tests/fakes/plainly.ts";

const request = NO_SECRETS.clean({ conversation: "cli:test" } as ApprovalRequest);
const never = new AbortController().signal;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));

Deno.test("a turn is stopped when its time is up, and says so (A92)", async () => {
  const { signal } = startTimeLimit(0.05, () => performance.now());
  await aborted(signal);
  const { code, message, hint } = failureOfAbort(signal);
  assert.equal(code, "budget_exceeded");
  assert.match(message, /0\.05 seconds for one request/);
  assert.match(hint ?? "", /perTurn\.seconds/);
});

Deno.test("time in which a person is asked does not count, whoever asks (A99)", async () => {
  const turn = startTimeLimit(1, () => performance.now());
  const approver = turn.around({
    ask: async () => {
      await sleep(1_200);
      return { kind: "once" };
    },
  });
  await Promise.all([approver.ask(request, never), approver.ask(request, never)]);
  assert.equal(turn.signal.aborted, false);
  await aborted(turn.signal); // it goes on afterwards
});

Deno.test("a turn that has ended is not stopped, also where a question ends after it", async () => {
  const ended = startTimeLimit(0.05, () => performance.now());
  ended.stop();
  const approver = ended.around({ ask: () => Promise.resolve({ kind: "reject" }) });
  assert.deepEqual(await approver.ask(request, never), { kind: "reject" });
  await sleep(120);
  assert.equal(ended.signal.aborted, false);
});

Deno.test("what the person stopped was cancelled", () => {
  const controller = new AbortController();
  controller.abort();
  assert.equal(failureOfAbort(controller.signal).code, "cancelled");
});
