import { CodedError } from "../domain/failure.ts";
import { follow } from "../platform/follow.ts";
import type { Clock } from "../platform/platform.ts";

/** A span of time that several pieces of work share. Between them it does not run. */
export interface RequestDeadline {
  /**
   * Does a piece of work within what is left. When the time is over or `signal` is aborted, the
   * signal given to the work is aborted and this rejects, whatever the work does.
   */
  spend<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** `subject` begins the error's sentence: `Cannot fetch "…"`. */
export function createDeadline(
  ms: number,
  subject: string,
  clock: Pick<Clock, "monotonic">,
): RequestDeadline {
  let left = ms;
  return {
    async spend(signal, work) {
      const started = clock.monotonic();
      const timer = new AbortController();
      const over = () => timer.abort(tooSlow(subject, ms));
      const handle = setTimeout(over, Math.max(0, left));
      const unfollow = follow(timer, signal);
      try {
        return await raced(work(timer.signal), timer.signal);
      } finally {
        unfollow();
        clearTimeout(handle);
        left -= clock.monotonic() - started;
      }
    },
  };
}

/** The work's ending, or the signal's reason if that comes first. */
function raced<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, (error) => reject(signal.aborted ? signal.reason : error))
      .finally(() => signal.removeEventListener("abort", stop));
  });
}

function tooSlow(subject: string, ms: number): CodedError {
  return new CodedError(
    "tool_timeout",
    `${subject}: no complete answer within ${Math.round(ms / 1000)} s.`,
  );
}
