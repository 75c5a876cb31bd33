import { CodedError } from "../domain/failure.ts";
import { formatTime } from "../text/local_time.ts";
import { doubtsAbout, readCron } from "./_expression.ts";
import type { Schedule } from "./job.ts";
import { instantOf, nextRun } from "./next.ts";
import { findZoneName } from "./zones.ts";

/** A schedule as it was typed: exactly one of the three. */
export interface TypedSchedule {
  readonly cron?: string | undefined;
  /** `90s`, `5m`, `2h`, `1d`. */
  readonly every?: string | undefined;
  /** ISO 8601; without an offset it is a wall time of the zone. */
  readonly at?: string | undefined;
  /** An IANA zone. */
  readonly timezone?: string | undefined;
}

/** What a schedule is read with. */
export interface ReadAt {
  readonly now: number;
  /** The person's zone. */
  readonly zone: string;
}

/**
 * Reads a schedule.
 * @throws {CodedError} `schedule_invalid` names what is wrong; also where it never comes
 */
export function readSchedule(typed: TypedSchedule, { now, zone }: ReadAt): Schedule {
  const { cron, every, at, timezone } = typed;
  if ([cron, every, at].filter((one) => one !== undefined).length !== 1) {
    throw new CodedError("usage", "Give exactly one of cron, every and at.");
  }
  const named = timezone === undefined ? zone : readZone(timezone);
  if (every !== undefined) {
    if (timezone === undefined) return { kind: "every", ms: readInterval(every), anchor: now };
    throw new CodedError("usage", "A time zone means nothing to what comes every so often.");
  }
  if (at !== undefined) return { kind: "at", at: readInstant(at, named, now) };
  const { expression } = readCron(cron ?? "");
  const schedule: Schedule = { kind: "cron", expression, zone: named };
  if (nextRun(schedule, now) !== undefined) return schedule;
  throw new CodedError("schedule_invalid", `"${cron}" never comes: there is no such day.`);
}

/** What is odd about a schedule that can be read; often nothing. */
export function doubtsAboutSchedule(schedule: Schedule): readonly string[] {
  return schedule.kind === "cron" ? doubtsAbout(schedule.expression) : [];
}

/** A schedule in a few words. */
export function describeSchedule(schedule: Schedule, zone: string): string {
  switch (schedule.kind) {
    case "cron":
      return `${schedule.expression} (${schedule.zone})`;
    case "every":
      return `every ${describeInterval(schedule.ms)}`;
    case "at":
      return `at ${formatTime(schedule.at, zone)}`;
  }
}

/** @throws {CodedError} `schedule_invalid` */
function readZone(zone: string): string {
  const found = zone.trim() === "" ? undefined : findZoneName(zone.trim());
  if (found !== undefined) return found;
  throw new CodedError(
    "schedule_invalid",
    zone.trim() === "" ? "The time zone is empty." : `"${zone}" is no time zone.`,
    "Write it as Europe/Paris, or leave it out for your own.",
  );
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds between two runs, at least: what is due more often is a program of its own. */
const SHORTEST_MS = 10_000;
const LONGEST_MS = 3_660 * 86_400_000;

/** @throws {CodedError} `schedule_invalid` */
function readInterval(text: string): number {
  const [, count, unit] = /^(\d{1,9})\s*([smhd])$/.exec(text.trim()) ?? [];
  const ms = Number(count) * UNITS[unit as keyof typeof UNITS];
  if (ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
  const wrong = Number.isNaN(ms)
    ? `"${text}" is no interval.`
    : `"${text}" is too ${
      ms < SHORTEST_MS ? "short: 10s is the least" : "long: ten years at most"
    }.`;
  throw new CodedError("schedule_invalid", wrong, "Write it as 90s, 5m, 2h or 1d.");
}

function describeInterval(ms: number): string {
  const unit = (["d", "h", "m"] as const).find((one) => ms % UNITS[one] === 0) ?? "s";
  return `${ms / UNITS[unit]}${unit}`;
}

const WALL = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/;

/** @throws {CodedError} `schedule_invalid` */
function readInstant(text: string, zone: string, now: number): number {
  const at = readTime(text.trim(), zone);
  if (at === undefined) {
    throw new CodedError(
      "schedule_invalid",
      `"${text}" is no time that exists.`,
      "Write it as 2027-01-31T09:00, or with an offset as 2027-01-31T09:00+01:00.",
    );
  }
  if (at > now) return at;
  throw new CodedError("schedule_invalid", `"${text}" has passed already.`);
}

function readTime(text: string, zone: string): number | undefined {
  try {
    if (!WALL.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
    const wall = Temporal.PlainDateTime.from(text.replace(" ", "T"), { overflow: "reject" });
    return instantOf(wall.toZonedDateTime("UTC").epochMilliseconds, zone);
  } catch {
    return undefined; // there is no such day or hour
  }
}
