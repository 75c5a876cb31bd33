import type { Clock, Log } from "../platform/platform.ts";
import { codeOf } from "./code_of.ts";

/** Something that has to be done at times. */
export interface Timely {
  /** For the log. */
  readonly name: string;
  /** When it wants to be looked at next, in milliseconds since 1970; `undefined`: not by itself. */
  soonest(): number | undefined;
  /** Does what is due. Long work is given away, not waited for. */
  look(now: number): Promise<void>;
}

/** Looks at what has its time. */
export interface Ticker {
  /** Looks until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Looks at once: something changed. */
  wake(): void;
}

/** Milliseconds after which it looks again by itself: clocks are set, and machines sleep. */
const LOOK_MS = 30_000;

/** Milliseconds between two looks, at least: what cannot be done now is not asked for without end. */
const PAUSE_MS = 1_000;

/** Builds one over everything that has its time. What fails is logged, and looked at again. */
export function createTicker(
  { timely, clock, log }: {
    readonly timely: readonly Timely[];
    readonly clock: Clock;
    readonly log: Log;
  },
): Ticker {
  let sleep = new AbortController();
  let isWoken = false;

  async function lookAtAll(): Promise<void> {
    for (const one of timely) {
      try {
        await one.look(clock.now());
      } catch (error) {
        log.warn("tick_failed", { of: one.name, ...codeOf(error) });
      }
    }
  }

  function pause(): number {
    const now = clock.now();
    const times = timely.map((one) => soonestOf(one, now)).filter((at) => at !== undefined);
    const next = Math.min(...times) - now;
    return next <= 0 ? PAUSE_MS : Math.min(next, LOOK_MS);
  }

  function soonestOf(one: Timely, now: number): number | undefined {
    try {
      return one.soonest();
    } catch (error) {
      log.warn("tick_failed", { of: one.name, ...codeOf(error) });
      return now + LOOK_MS;
    }
  }

  return {
    async run(signal) {
      const leave = () => sleep.abort();
      signal.addEventListener("abort", leave, { once: true });
      while (!signal.aborted) {
        isWoken = false;
        await lookAtAll();
        if (signal.aborted || isWoken) continue;
        sleep = new AbortController();
        await clock.sleep(pause(), sleep.signal).catch(() => {}); // it was woken
      }
      signal.removeEventListener("abort", leave);
    },
    wake() {
      isWoken = true;
      sleep.abort();
    },
  };
}
