import type { ApprovalRequest, Approver } from "../approvals/approver.ts";
import { CodedError, type Failure } from "../domain/failure.ts";

/** The time that turns may take. While a person is asked, the clock of their conversation stands. */
export interface TimeLimit {
  /** Starts the clock of a conversation's turn. */
  start(conversation: string): RunningTurn;
  /** The same approver, with the clock standing while it asks. */
  around(approver: Approver): Approver;
}

/** One turn under the limit. */
export interface RunningTurn {
  /** Aborted with a `budget_exceeded` when the time is up. */
  readonly signal: AbortSignal;
  stop(): void;
}

interface Watch extends RunningTurn {
  pause(): void;
  resume(): void;
}

/** Limits turns to so many seconds. `monotonic` is in milliseconds. */
export function createTimeLimit(seconds: number, monotonic: () => number): TimeLimit {
  const running = new Map<string, Watch>();
  return {
    start(conversation) {
      const watch = startWatch(seconds, monotonic);
      running.set(conversation, watch);
      const stop = () => {
        watch.stop();
        if (running.get(conversation) === watch) running.delete(conversation);
      };
      return { signal: watch.signal, stop };
    },
    around: (approver) => ({
      async ask(request: ApprovalRequest, signal: AbortSignal) {
        const watch = running.get(request.conversation);
        watch?.pause();
        try {
          return await approver.ask(request, signal);
        } finally {
          watch?.resume();
        }
      },
    }),
  };
}

function startWatch(seconds: number, monotonic: () => number): Watch {
  const controller = new AbortController();
  let left = seconds * 1000;
  let since = monotonic();
  let pauses = 0;
  let isOver = false;
  const start = () => setTimeout(() => controller.abort(tooLong(seconds)), left);
  let timer = start();
  return {
    signal: controller.signal,
    pause() {
      if (pauses++ > 0) return;
      clearTimeout(timer);
      left -= monotonic() - since;
    },
    resume() {
      if (--pauses > 0 || isOver) return;
      since = monotonic();
      timer = start();
    },
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
