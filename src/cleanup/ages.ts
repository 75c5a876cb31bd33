export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The time before which something is old; `undefined`: never, for which `span` is 0. */
export function oldBefore(now: number, span: number, unitMs: number): number | undefined {
  return span === 0 ? undefined : now - span * unitMs;
}
