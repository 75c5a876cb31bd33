import type { Job, Schedule } from "../../../cron/job.ts";
import type { JobView } from "../../../cron/job_book.ts";
import type { JobRun } from "../../../cron/ledger.ts";
import { describeSchedule } from "../../../cron/schedule.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { escapeLine } from "../../../text/escape.ts";
import { formatSecond, formatTime } from "../../../text/local_time.ts";
import { formatTable } from "../../print.ts";

/** Jobs as a table; times are in the person's zone. */
export function formatJobs(all: readonly JobView[], zone: string): string {
  if (all.length === 0) return "There are no jobs.\n";
  const rows = all.map(({ job, next: [next], last }) => [
    job.id,
    escapeLine(job.name),
    describeSchedule(job.schedule, zone),
    job.enabled ? formatTime(next ?? 0, zone) : "disabled",
    last ? last.state : "-",
  ]);
  return formatTable([["ID", "NAME", "SCHEDULE", "NEXT", "LAST"], ...rows]);
}

/** One job, with its next times. */
export function formatJob({ job, next, last, doubts }: JobView, zone: string): string {
  const { id, name, schedule, enabled } = job;
  const times = next.map((at) => formatTime(at, zone)).join(", ");
  const lines = [
    `${id} "${escapeLine(name)}": ${describeSchedule(schedule, zone)}`,
    `  does: ${escapeLine(describeWork(job))}`,
    `  next: ${enabled ? times || "never again" : "disabled"}`,
    ...(last ? [`  last: ${escapeLine(describeRun(last, zone))}`] : []),
    ...doubts.map((doubt) => `  note: ${doubt}`),
  ];
  return `${lines.join("\n")}\n`;
}

function describeWork({ work }: Job): string {
  switch (work.kind) {
    case "text":
      return `tells "${work.text}"`;
    case "message":
      return `asks "${work.text}"`;
    case "clam":
      return `runs the clam ${work.clam} with ${JSON.stringify(work.input)}`;
  }
}

function describeRun({ due, state, resumed, reason }: JobRun, zone: string): string {
  const again = resumed ? " (resumed)" : "";
  return `${formatTime(due, zone)} ${state}${again}${reason === undefined ? "" : `: ${reason}`}`;
}

/** Runs as a table. */
export function formatRuns(runs: readonly JobRun[], zone: string): string {
  if (runs.length === 0) return "Nothing has come due yet.\n";
  const rows = runs.map(({ job, name, due, state, resumed, tries, reason = "" }) => [
    formatSecond(due, zone),
    job,
    escapeLine(name),
    `${state}${resumed ? " (resumed)" : ""}`,
    String(tries),
    escapeLine(reason),
  ]);
  return formatTable([["DUE", "JOB", "NAME", "STATE", "TRIES", ""], ...rows]);
}

/** A job as programs get it; times are ISO 8601. */
export function jobJson({ job, next, last, doubts }: JobView): JsonObject {
  const { id, name, enabled, schedule, work, missed, retries, delivery, deleteAfterRun } = job;
  return {
    ...{ id, name, enabled, schedule: scheduleJson(schedule), work: { ...work } },
    next: next.map(iso),
    last: last ? jobRunJson(last) : null,
    ...{ missed, retries, deliver: delivery.deliver },
    channel: delivery.channel ?? null,
    target: delivery.target ?? null,
    ...{ deleteAfterRun, createdAt: iso(job.createdAt), doubts: [...doubts] },
  };
}

function scheduleJson(schedule: Schedule): JsonObject {
  switch (schedule.kind) {
    case "cron":
      return { kind: "cron", cron: schedule.expression, timezone: schedule.zone };
    case "every":
      return { kind: "every", everySeconds: schedule.ms / 1000 };
    case "at":
      return { kind: "at", at: iso(schedule.at) };
  }
}

/** A run as programs get it. */
export function jobRunJson(run: JobRun): JsonObject {
  const { job, name, due, state, tries, resumed, turn, startedAt, endedAt, code, reason } = run;
  return {
    ...{ job, name, due: iso(due), state, tries, resumed, run: turn ?? null },
    startedAt: startedAt === undefined ? null : iso(startedAt),
    endedAt: endedAt === undefined ? null : iso(endedAt),
    ...{ code: code ?? null, reason: reason ?? null },
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
