import type { Answer } from "../domain/turn.ts";
import type { Clock } from "../platform/platform.ts";

/** Milliseconds after the time of a turn is up in which it ends by itself. */
const GRACE_MS = 60_000;

/** Does something; what does not even end by its signal is left, so that its place gets free. */
export type InTime = <T>(
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
) => Promise<T | Answer>;

/**
 * Builds it for turns that may take so many seconds. Nobody watches what the house does by itself: a
 * turn that hangs there would hold its place for good.
 */
export function createInTime(
  clock: Clock,
  seconds: number,
  graceMs = GRACE_MS,
): InTime {
  return async (work, signal) => {
    const leaving = new AbortController();
    const ended = new AbortController();
    const left = clock.sleep(seconds * 1000 + graceMs, ended.signal).then(() => {
      leaving.abort();
      return leftAnswer(seconds);
    });
    left.catch(() => {}); // it ended in time
    try {
      return await Promise.race([work(AbortSignal.any([signal, leaving.signal])), left]);
    } finally {
      ended.abort();
    }
  };
}

/** Nothing is known of it, so it is not tried again by itself. */
function leftAnswer(seconds: number): Answer {
  const failure = {
    code: "budget_exceeded",
    message: `It did not end in its ${seconds} seconds, nor when it was stopped, so it was left.`,
    hint: "See clambot runs list for what it did.",
  } as const;
  const known = { calls: [], modelCalls: 0, durationMs: seconds * 1000, foreign: false };
  return { status: "failed", reply: "", failure, ...known };
}
