import type { Job } from "./job.ts";
import { nextRun } from "./next.ts";

/** What is to be done about a job whose time has come. */
export interface DueTimes {
  /** To be run, in order. */
  readonly run: readonly number[];
  /** Passed while nobody looked, and not made up, in order; the newest of them where they are many. */
  readonly missed: readonly number[];
  /** There were more before those. */
  readonly hasEarlier: boolean;
  /** When it is due after all of these; `undefined`: never again. */
  readonly nextAt: number | undefined;
}

/** Milliseconds that a run may be late without having been missed. */
export const LATE_MS = 120_000;

/** Due times that are made up at most, where all are. */
export const MOST_MADE_UP = 10;

/** Due times that are listed one by one. */
const MOST_LISTED = 50;

/**
 * Which due times of a job are run now, by its policy. Nothing that has passed is forgotten, and no
 * sleep of the machine ends in a storm.
 */
export function dueTimes(
  { schedule, missed: policy, nextAt }: Pick<Job, "schedule" | "missed" | "nextAt">,
  now: number,
): DueTimes {
  if (nextAt === undefined || nextAt > now) {
    return { run: [], missed: [], hasEarlier: false, nextAt };
  }
  const { passed, isCut } = passedTimes(schedule, nextAt, now);
  const newest = passed.at(-1) ?? nextAt;
  const isInTime = now - newest <= LATE_MS;
  const runs = policy === "all"
    ? passed.slice(-MOST_MADE_UP)
    : policy === "once" || isInTime
    ? [newest]
    : [];
  const left = passed.slice(0, passed.length - runs.length);
  return {
    run: runs,
    missed: left.slice(-MOST_LISTED),
    hasEarlier: isCut || left.length > MOST_LISTED,
    nextAt: nextRun(schedule, Math.max(now, newest)),
  };
}

/** The newest times from the first one on, up to now; `isCut`: there were more before them. */
function passedTimes(
  schedule: Job["schedule"],
  first: number,
  now: number,
): { readonly passed: readonly number[]; readonly isCut: boolean } {
  // every window is four times as long as the one before, so that few times are walked in vain
  for (let window = 3_600_000;; window *= 4) {
    const isCut = first < now - window;
    const from = isCut ? now - window : first - 1;
    const passed = timesBetween(schedule, from, now);
    if (!isCut) return { passed: [first, ...passed.filter((at) => at > first)], isCut };
    if (passed.length >= MOST_LISTED + MOST_MADE_UP) return { passed, isCut };
  }
}

function timesBetween(schedule: Job["schedule"], after: number, until: number): readonly number[] {
  const times: number[] = [];
  let at = nextRun(schedule, after);
  while (at !== undefined && at <= until) {
    times.push(at);
    at = nextRun(schedule, at);
  }
  return times;
}
