/** How long to wait before each further try, in milliseconds. */
export interface BackOff {
  /** The time before the next try: twice the one before, up to the longest. */
  next(): number;
  /** What was tried works: the next failure is a first one again. */
  reset(): void;
}

export function createBackOff(firstMs: number, longestMs: number): BackOff {
  let wait = firstMs;
  return {
    next() {
      const now = wait;
      wait = Math.min(longestMs, wait * 2);
      return now;
    },
    reset: () => void (wait = firstMs),
  };
}
