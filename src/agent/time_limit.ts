import type { Clean } from "../domain/redacted.ts";
import type { ApprovalRequest, Approver } from "../approvals/approver.ts";
import { CodedError, type Failure } from "../domain/failure.ts";

/** The time that one turn may take. */
export interface TimeLimit {
  /** Aborted with a `budget_exceeded` when the time is up. */
  readonly signal: AbortSignal;
  /** Does something while the clock stands. */
  without<T>(action: () => Promise<T>): Promise<T>;
  /** The same approver; the clock stands while it asks. */
  around(approver: Approver): Approver;
  stop(): void;
}

/** Starts the clock of a turn that may take so many seconds. `monotonic` is in milliseconds. */
export function startTimeLimit(seconds: number, monotonic: () => number): TimeLimit {
  const controller = new AbortController();
  let left = seconds * 1000;
  let since = monotonic();
  let pauses = 0;
  let isOver = false;
  const start = () => setTimeout(() => controller.abort(tooLong(seconds)), left);
  let timer = start();
  const pause = () => {
    if (pauses++ > 0) return;
    clearTimeout(timer);
    left -= monotonic() - since;
  };
  const resume = () => {
    if (--pauses > 0 || isOver) return;
    since = monotonic();
    timer = start();
  };
  const without = async <T>(action: () => Promise<T>) => {
    pause();
    try {
      return await action();
    } finally {
      resume();
    }
  };
  return {
    signal: controller.signal,
    without,
    around: (approver) => ({
      ask: (request: Clean<ApprovalRequest>, signal: AbortSignal) =>
        without(() => approver.ask(request, signal)),
    }),
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

function tooLong(seconds: number): CodedError {
  return new CodedError(
    "budget_exceeded",
    `The budget of ${seconds} seconds for one request is used up, so it was stopped.`,
    "Ask for less at once, or raise agents.budgets.perTurn.seconds.",
  );
}

/** Why a turn was aborted: its time was up, or the person stopped it. */
export function failureOfAbort({ reason }: AbortSignal): Failure {
  if (reason instanceof CodedError) return reason.failure;
  return { code: "cancelled", message: "The turn was cancelled." };
}
