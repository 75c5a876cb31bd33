import type { Schedule } from "./job.ts";
import { type CronFields, findNextWall, readCron } from "./_expression.ts";
import { changeAfter, instantsOf, wallTimeAt } from "./zones.ts";

/**
 * When a schedule is due next, after an instant; `undefined`: never again.
 *
 * A wall time that the zone's clocks skip is due at the end of that gap. One that they show twice is
 * due the first time, where minute and hour are single numbers; lists and steps are due both times.
 */
export function nextRun(schedule: Schedule, after: number): number | undefined {
  switch (schedule.kind) {
    case "at":
      return schedule.at > after ? schedule.at : undefined;
    case "every": {
      const { ms, anchor } = schedule;
      return anchor + Math.max(1, Math.floor((after - anchor) / ms) + 1) * ms;
    }
    case "cron":
      return nextOfCron(readCron(schedule.expression), schedule.zone, after);
  }
}

/** The next so many times. */
export function nextRuns(schedule: Schedule, after: number, count: number): readonly number[] {
  const found: number[] = [];
  for (let at = nextRun(schedule, after); at !== undefined; at = nextRun(schedule, at)) {
    found.push(at);
    if (found.length >= count) break;
  }
  return found;
}

/** When a wall time comes: where clocks skip it, at the end of that gap; where they show it twice, first. */
export function instantOf(wall: number, zone: string): number {
  return instantsOf(wall, zone).first;
}

/** Wall times looked at for one answer: an hour that comes twice has sixty. */
const MOST_LOOKED_AT = 2_000;

function nextOfCron(fields: CronFields, zone: string, after: number): number | undefined {
  let best: number | undefined;
  let wall = startOf(zone, after) - 1;
  for (let looked = 0; looked < MOST_LOOKED_AT; looked++) {
    const found = findNextWall(fields, wall);
    if (found === undefined) return best;
    wall = found;
    const instants = instantsOf(wall, zone);
    // walls come in order, and so do their first instants
    if (best !== undefined && instants.first >= best) return best;
    for (const at of dueOf(instants, fields)) {
      if (at > after && (best === undefined || at < best)) best = at;
    }
  }
  return best;
}

/** What comes every hour anyway needs no making up of an hour that does not exist. */
function dueOf(instants: ReturnType<typeof instantsOf>, fields: CronFields): readonly number[] {
  switch (instants.kind) {
    case "once":
      return [instants.first];
    case "gap":
      return fields.isHourly ? [] : [instants.first];
    case "twice":
      return fields.isFixed ? [instants.first] : [instants.first, instants.second];
  }
}

/** The first wall time that may be due after an instant: clocks that are set back show some again. */
function startOf(zone: string, after: number): number {
  const now = wallTimeAt(after, zone);
  const change = changeAfter(after, zone);
  return change === undefined ? now : Math.min(now, wallTimeAt(change, zone));
}
