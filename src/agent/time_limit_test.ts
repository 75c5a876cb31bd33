import assert from "node:assert/strict";
import type { ApprovalRequest } from "../approvals/approver.ts";
import { createTimeLimit, failureOfAbort } from "./time_limit.ts";

const HERE = "cli:test";
const request = { conversation: HERE } as ApprovalRequest;
const never = new AbortController().signal;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("a turn is stopped when its time is up, and says so (A92)", async () => {
  const limit = createTimeLimit(0.05, () => performance.now());
  const { signal } = limit.start(HERE);
  await sleep(120);
  assert.ok(signal.aborted);
  const { code, message, hint } = failureOfAbort(signal);
  assert.equal(code, "budget_exceeded");
  assert.match(message, /0\.05 seconds for one request/);
  assert.match(hint ?? "", /perTurn\.seconds/);
});

Deno.test("time in which a person is asked does not count, whoever asks (A99)", async () => {
  const limit = createTimeLimit(0.15, () => performance.now());
  const turn = limit.start(HERE);
  const approver = limit.around({
    ask: async () => {
      await sleep(200);
      return { kind: "once" };
    },
  });
  await Promise.all([approver.ask(request, never), approver.ask(request, never)]);
  assert.equal(turn.signal.aborted, false);
  await sleep(250);
  assert.equal(turn.signal.aborted, true, "it goes on afterwards");
});

Deno.test("a turn that has ended is not stopped, nor another conversation's", async () => {
  const limit = createTimeLimit(0.05, () => performance.now());
  const ended = limit.start(HERE);
  ended.stop();
  const approver = limit.around({ ask: () => Promise.resolve({ kind: "reject" }) });
  assert.deepEqual(await approver.ask(request, never), { kind: "reject" });
  await sleep(120);
  assert.equal(ended.signal.aborted, false);
});

Deno.test("what the person stopped was cancelled", () => {
  const controller = new AbortController();
  controller.abort();
  assert.equal(failureOfAbort(controller.signal).code, "cancelled");
});
