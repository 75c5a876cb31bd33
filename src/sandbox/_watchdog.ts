/** What a worker may need beyond the program's own time before it is given up, in milliseconds. */
const GRACE_MS = 700;
/** Time for what has already arrived to be read before the verdict. */
const READ_MS = 50;

/** Timers of the runtime count in 31 bits. */
const LONGEST_MS = 2 ** 31 - 1;

/** Who has to move: the host's watch over a worker that does not answer. */
export interface Watchdog {
  /** The host sent a message: the worker has to move. */
  sent(): void;
  /** The worker has dealt with `seen` messages and used `cpuMs`. `false` when that cannot be. */
  rested(seen: number, cpuMs: number): boolean;
  close(): void;
}

/**
 * Calls `giveUp` when the worker has been silent for the rest of its program's time and a grace,
 * counted only while it has something to do.
 */
export function createWatchdog(
  cpuMs: number,
  giveUp: () => void,
  graceMs: number = GRACE_MS,
): Watchdog {
  let [sent, seen, used] = [0, 0, 0];
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    sent() {
      sent++;
      clearTimeout(timer);
      timer = setTimeout(
        () => timer = setTimeout(giveUp, READ_MS),
        Math.min(LONGEST_MS, Math.max(0, cpuMs - used) + graceMs),
      );
    },
    rested(nowSeen, nowUsed) {
      if (nowSeen <= seen || nowSeen > sent || nowUsed < used) return false;
      [seen, used] = [nowSeen, nowUsed];
      if (seen === sent) clearTimeout(timer);
      return true;
    },
    close: () => clearTimeout(timer),
  };
}
