import vm from "node:vm";

/** How a slice of a program's CPU time ended. */
export type ClockEnd = "ok" | "timeout" | { readonly thrown: unknown };

/** The CPU clock of one run: it runs only while the program does. */
export interface CpuClock {
  /** Does a piece of work on the program's clock. Whoever gets `timeout` must not go on. */
  spend(work: () => void): ClockEnd;
  /** Whether the program has used all its time. */
  isOver(): boolean;
  /** Milliseconds used so far. */
  usedMs(): number;
}

/** The time the engine has to notice by itself that its time is over. */
const NOTICE_MS = 100;
/** Timers of the runtime count in 31 bits. */
const LONGEST_MS = 2 ** 31 - 1;
const SLOT = "clambotClock";

/**
 * The engine looks at the clock itself, but not inside every native loop, and a busy worker cannot
 * be terminated from outside. So all work runs as a script of `node:vm`, whose timeout stops
 * native loops as well. What it stopped is in no state to go on.
 */
export function createCpuClock(limitMs: number): CpuClock {
  let used = 0;
  let started: number | undefined;
  const script = new vm.Script(`globalThis.${SLOT}()`);
  const usedMs = () => used + (started === undefined ? 0 : performance.now() - started);
  return {
    usedMs,
    isOver: () => usedMs() >= limitMs,
    spend(next) {
      Reflect.set(globalThis, SLOT, next);
      const timeout = Math.min(LONGEST_MS, Math.max(1, Math.ceil(limitMs - used + NOTICE_MS)));
      started = performance.now();
      try {
        script.runInThisContext({ timeout });
        return "ok";
      } catch (error) {
        return isTimeout(error) ? "timeout" : { thrown: error };
      } finally {
        used += performance.now() - started;
        started = undefined;
      }
    },
  };
}

function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
