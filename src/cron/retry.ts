/** Failures that may pass by themselves. */
const PASSING: ReadonlySet<string> = new Set([
  "network_failed",
  "provider_broken",
  "provider_rate",
  "provider_timeout",
  "provider_unreachable",
  "runtime_broken",
]);

/** Tries after a failure where a job says nothing else. */
export const USUAL_RETRIES = 3;

/** The most that a job may ask for. */
export const MOST_RETRIES = 10;

/** Milliseconds before each further try; the last one counts for all after it. */
const PAUSES = [30_000, 5 * 60_000, 30 * 60_000];

/** Whether a job that failed so is begun again. `tries`: how often it was begun. */
export function mayRetry(code: string, tries: number, retries: number): boolean {
  return PASSING.has(code) && tries <= retries;
}

/** When it is begun again. */
export function nextTryAfter(tries: number, now: number): number {
  return now + (PAUSES[Math.min(tries, PAUSES.length) - 1] ?? 0);
}
