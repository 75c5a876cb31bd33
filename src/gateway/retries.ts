/** Milliseconds of the first pause before a message is tried again. */
const FIRST_MS = 1_000;
/** Milliseconds of the longest pause. */
const LONGEST_MS = 300_000;
/** Tries after which it is given up: about a day. */
const MOST_TRIES = 300;

/**
 * When a message is tried again that was not taken so many times, in milliseconds since 1970;
 * `undefined` when it is given up.
 */
export function nextTryAt(tries: number, now: number): number | undefined {
  return tries >= MOST_TRIES ? undefined : now + Math.min(LONGEST_MS, FIRST_MS * 2 ** (tries - 1));
}
