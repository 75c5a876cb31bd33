import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Random } from "../platform/platform.ts";
import type { Job, Schedule, Work } from "./job.ts";
import { nextRuns } from "./next.ts";
import { USUAL_RETRIES } from "./retry.ts";
import { readSchedule } from "./schedule.ts";

/** The name of the original's file of jobs. */
export const ORIGINAL_JOBS = "jobs.json";

/** What of the original's jobs can be taken over. */
export interface OriginalJobs {
  readonly jobs: readonly Job[];
  /** Why others cannot, a sentence each. */
  readonly left: readonly string[];
}

/** What jobs are taken over with. */
export interface TakeOver {
  readonly now: number;
  /** In which they count as made. */
  readonly conversation: string;
  readonly random: Pick<Random, "id">;
}

/** What is said of a job that says nothing that can be used. */
const NOTHING = "it has neither a message nor a clam";

/** Reads the original's `jobs.json` (`cron_store_v1`). `undefined`: it is none. */
export function readOriginalJobs(text: string, around: TakeOver): OriginalJobs | undefined {
  const found = parse(text);
  const all = isObject(found) ? found["jobs"] : undefined;
  if (!Array.isArray(all)) return undefined;
  const jobs: Job[] = [];
  const left: string[] = [];
  for (const one of all) {
    const given = isObject(one) ? one : {};
    const name = textOf(given["name"]) ?? textOf(given["id"]) ?? "without a name";
    try {
      const job = readJob(given, name, around);
      const isTwice = jobs.some(({ id }) => id === job.id);
      jobs.push(isTwice ? { ...job, id: around.random.id().slice(0, 8) } : job);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      left.push(`"${name}" was not taken over: ${error.failure.message}`);
    }
  }
  return { jobs, left };
}

/** @throws {CodedError} `schedule_invalid`, `usage` */
function readJob(given: JsonObject, name: string, { now, random, conversation }: TakeOver): Job {
  const id = textOf(given["id"]) ?? "";
  const payload = objectOf(given["payload"]);
  const createdAt = numberOf(given["createdAtMs"]) ?? now;
  const schedule = scheduleOf(objectOf(given["schedule"]), createdAt, now);
  const isOver = schedule.kind === "at" && numberOf(objectOf(given["state"])["lastRunAtMs"]);
  const enabled = given["enabled"] !== false && !isOver;
  // what was to be done once and was missed is due still, as it was there
  const [nextAt] = schedule.kind === "at" ? [schedule.at] : nextRuns(schedule, now, 1);
  const channel = textOf(payload["channel"]);
  const target = textOf(payload["target"]);
  return {
    ...{ id: /^[a-z0-9]{8}$/.test(id) ? id : random.id().slice(0, 8), name: name.slice(0, 80) },
    ...{ enabled, schedule, work: workOf(payload), missed: "once", retries: USUAL_RETRIES },
    delivery: {
      deliver: payload["deliver"] !== false,
      ...(channel === undefined ? {} : { channel }),
      ...(channel === undefined || target === undefined ? {} : { target }),
    },
    deleteAfterRun: given["deleteAfterRun"] === true,
    ...{ conversation, createdAt },
    ...(enabled && nextAt !== undefined ? { nextAt } : {}),
  };
}

function workOf(payload: JsonObject): Work {
  const message = textOf(payload["message"]);
  if (message !== undefined) return { kind: "message", text: message };
  const clam = textOf(payload["clamId"]);
  if (clam !== undefined) return { kind: "clam", clam, input: {} };
  throw new CodedError("usage", `${NOTHING}.`);
}

/** Seconds win over an expression, and that over a time; zones are UTC where none is named. */
function scheduleOf(given: JsonObject, createdAt: number, now: number): Schedule {
  const seconds = numberOf(given["everySeconds"]);
  const cron = textOf(given["cronExpr"]);
  const at = numberOf(given["atMs"]);
  const around = { now, zone: "UTC" };
  if (seconds !== undefined) {
    const read = readSchedule({ every: `${seconds}s` }, around);
    return read.kind === "every" ? { ...read, anchor: createdAt } : read;
  }
  if (cron !== undefined) {
    return readSchedule({ cron: bothDays(cron), timezone: textOf(given["timezone"]) }, around);
  }
  if (at !== undefined) return { kind: "at", at };
  throw new CodedError("schedule_invalid", "it says no time.");
}

/** Where both day fields were set, a day had to fit both there. */
function bothDays(expression: string): string {
  const fields = expression.trim().split(/\s+/);
  const [minute, hour, day = "*", month, weekday = "*", ...more] = fields;
  if (day === "*" || weekday === "*" || weekday.startsWith("+")) return expression;
  return [minute, hour, day, month, `+${weekday}`, ...more].join(" ");
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // it is no JSON
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

const objectOf = (value: Json | undefined): JsonObject => isObject(value) ? value : {};
const textOf = (value: Json | undefined): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
const numberOf = (value: Json | undefined): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;
