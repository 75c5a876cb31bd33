import type { Clock } from "../../src/platform/platform.ts";

/** A clock whose time passes only in sleeps, and then at once. */
export interface FakeClock extends Clock {
  /** Milliseconds of every sleep, in order. */
  readonly slept: readonly number[];
  advance(ms: number): void;
}

/** A clock that begins at `start` (milliseconds since 1970). */
export function createFakeClock(
  start = Date.parse("2026-05-04T09:30:00Z"),
  zone = "UTC",
): FakeClock {
  const slept: number[] = [];
  let now = start;
  return {
    slept,
    now: () => now,
    monotonic: () => now - start,
    zone: () => zone,
    advance: (ms) => {
      now += ms;
    },
    sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}
