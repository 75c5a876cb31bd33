/** Finds out whether a core still answers. */
export interface Pulse {
  /** The core has answered. */
  felt(): void;
  stop(): void;
}

/**
 * Pings every `everyMs`, and calls `lost` once `most` pings in a row were not answered. Counting
 * pings instead of time, a machine that slept does not lose its core.
 */
export function createPulse(
  ping: (id: number) => void,
  lost: () => void,
  { everyMs, most }: { readonly everyMs: number; readonly most: number },
): Pulse {
  let sent = 0;
  let unanswered = 0;
  const timer = setInterval(() => {
    if (unanswered >= most) {
      clearInterval(timer);
      return lost();
    }
    unanswered++;
    ping(++sent);
  }, everyMs);
  return {
    felt: () => void (unanswered = 0),
    stop: () => clearInterval(timer),
  };
}
