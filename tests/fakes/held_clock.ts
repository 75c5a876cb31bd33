import type { Clock } from "../../src/platform/platform.ts";

/**
 * A clock whose time passes in sleeps, and then at once, but for those that last exactly as long as
 * `held` says: these end when a test lets them, or by their signal.
 */
export interface HeldClock extends Clock {
  /** Milliseconds of every sleep that passed, in order. */
  readonly slept: readonly number[];
  /** How many sleeps of this length are held. */
  holds(ms: number): number;
  /** Ends the sleeps that are held and last so long. @returns how many there were */
  fire(ms: number): number;
}

/** A clock that begins at `start` (milliseconds since 1970). */
export function createHeldClock(held: readonly number[], start = Date.now()): HeldClock {
  const slept: number[] = [];
  const holding = new Set<{ readonly ms: number; readonly end: () => void }>();
  let now = start;
  return {
    slept,
    now: () => now,
    monotonic: () => now - start,
    zone: () => "UTC",
    holds: (ms) => [...holding].filter((one) => one.ms === ms).length,
    fire(ms) {
      const due = [...holding].filter((one) => one.ms === ms);
      if (due.length > 0) now += ms;
      for (const one of due) one.end();
      return due.length;
    },
    sleep(ms, signal) {
      signal?.throwIfAborted();
      if (!held.includes(ms)) {
        slept.push(ms);
        now += ms;
        return Promise.resolve();
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const one = { ms, end: () => (holding.delete(one), resolve()) };
      holding.add(one);
      signal?.addEventListener("abort", () => {
        holding.delete(one);
        reject(signal.reason);
      }, { once: true });
      return promise;
    },
  };
}
