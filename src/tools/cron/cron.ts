import * as z from "zod";
import type { JobDesk } from "../../cron/job_desk.ts";
import type { JobOrder, JobView } from "../../cron/job_book.ts";
import type { Work } from "../../cron/job.ts";
import { CodedError } from "../../domain/failure.ts";
import type { JsonObject } from "../../domain/json.ts";
import { once } from "../../domain/once.ts";
import type { Redactor } from "../../domain/redacted.ts";
import type { Clock } from "../../platform/platform.ts";
import { canonicalJson } from "../../text/canonical_json.ts";
import { formatTime } from "../../text/local_time.ts";
import { readArguments, toParameters } from "../_arguments.ts";
import type { CallContext, Prepared, Tool } from "../tool.ts";

const NAME = "cron";

/** Loaded with the first call, so that no start waits for it. */
const schedules = () => import("../../cron/schedule.ts");

const argumentsSchema = once(() =>
  z.strictObject({
    action: z.enum(["add", "list", "remove"]),
    text: z.string().min(1).max(10_000).optional().describe("add: what is told to the person"),
    clam: z.string().min(1).max(200).optional()
      .describe("add: id of a kept clam that is run, in place of text; it needs a lease"),
    input: z.record(z.string(), z.unknown()).optional().describe("add: inputs of the clam"),
    name: z.string().min(1).max(80).optional().describe("add: how lists call it"),
    at: z.string().optional()
      .describe("add: once, as 2027-01-31T09:00 in the person's zone, or with an offset"),
    every: z.string().optional().describe("add: 90s, 5m, 2h or 1d"),
    cron: z.string().optional()
      .describe('add: minute, hour, day, month, weekday: "0 9 * * 1-5" for weekdays at 9'),
    timezone: z.string().optional().describe("add: IANA zone of at and cron; else the person's"),
    id: z.string().optional().describe("remove: the id that list gives"),
  })
);
const resultSchema = once(() =>
  z.object({
    jobs: z.array(z.object({
      id: z.string(),
      name: z.string(),
      schedule: z.string(),
      next: z.array(z.string()).describe("YYYY-MM-DD HH:MM in the person's zone"),
      text: z.string().describe("What is told; empty for a clam"),
    })).describe("What was added or removed, or all that there are"),
    running: z.boolean().describe("false: no gateway runs, so nothing is done until one does"),
  })
);

type CronArguments = z.output<ReturnType<typeof argumentsSchema>>;

/** What a program may store: nothing that a model would read. */
type StoredWork = Exclude<Work, { readonly kind: "message" }>;

/** What the tool needs. */
export interface CronToolPorts {
  readonly jobs: JobDesk;
  readonly clock: Clock;
  readonly redactor: Redactor;
}

/**
 * The tool of jobs. What a program stores is text that is told as it is, or a clam under a lease:
 * never a request that a model would read.
 */
export function createCronTool(ports: CronToolPorts): Tool {
  return {
    name: NAME,
    description: "Reminds the person, or runs a kept clam, at times; lists and removes such jobs.",
    get parameters() {
      return toParameters(argumentsSchema);
    },
    get returns() {
      return toParameters(resultSchema);
    },
    foreign: false,
    guidance: GUIDANCE,
    async prepare(args, context) {
      const read = readArguments(NAME, argumentsSchema, args);
      switch (read.action) {
        case "add":
          return await add(read, context, ports);
        case "list":
          return list(ports);
        case "remove":
          return await remove(read, ports);
      }
    },
  };
}

async function add(
  args: CronArguments,
  context: CallContext,
  { jobs, clock, redactor }: CronToolPorts,
): Promise<Prepared> {
  const { cron, every, at, timezone, name } = args;
  const zone = clock.zone();
  const { readSchedule, describeSchedule } = await schedules();
  const schedule = readSchedule({ cron, every, at, timezone }, { now: clock.now(), zone });
  const work = await readWork(args, jobs);
  // the very schedule that was looked at; the person's zone may be another one when it is done
  const when = schedule.kind === "at"
    ? { at: new Date(schedule.at).toISOString() }
    : schedule.kind === "cron"
    ? { cron: schedule.expression, timezone: schedule.zone }
    : { every };
  const marked = context.foreign ?? false;
  const told = work.kind === "text" ? work.text : "";
  const prepared = {
    action: "add",
    ...(work.kind === "text" ? { text: work.text } : { clam: work.clam, input: work.input }),
    ...(name === undefined ? {} : { name }),
    ...when,
  } as JsonObject;
  return {
    args: prepared,
    effect: "write",
    idempotent: true,
    resource: { kind: "schedule", action: "add" },
    preview: {
      title: "Add a job",
      fields: [
        { name: "when", value: describeSchedule(schedule, zone) },
        work.kind === "text"
          ? { name: "tells", value: told }
          : { name: "runs", value: `${work.clam} with ${JSON.stringify(work.input)}` },
        ...(marked ? [{ name: "origin", value: "this run took in text of others" }] : []),
      ],
    },
    async run() {
      const order: JobOrder = {
        ...{ when, conversation: context.conversation, marked },
        work: work.kind === "text" ? { kind: "text", text: redactor.redact(work.text) } : work,
        // done again after a crash, it is the same job
        key: `${context.turnId}:${canonicalJson(prepared)}`,
        ...(name === undefined ? {} : { name: redactor.redact(name) }),
      };
      return await toResult([await jobs.book.add(order)], zone, jobs);
    },
  };
}

async function readWork(
  { text, clam, input }: CronArguments,
  jobs: JobDesk,
): Promise<StoredWork> {
  if ((text === undefined) === (clam === undefined)) throw unfit("text", "give text or clam");
  if (text !== undefined) return { kind: "text", text };
  const why = await jobs.whyNotLeased(clam ?? "");
  if (why !== undefined) {
    throw new CodedError(
      "approval_needed",
      `The clam ${clam} cannot run while nobody is there: ${why}.`,
      `Allow it as a whole: clambot approvals lease ${clam}`,
    );
  }
  return { kind: "clam", clam: clam ?? "", input: (input ?? {}) as JsonObject };
}

function list({ jobs, clock }: CronToolPorts): Prepared {
  return {
    args: { action: "list" },
    effect: "none",
    resource: { kind: "schedule", action: "list" },
    preview: { title: "List your jobs", fields: [] },
    run: async () => await toResult(await jobs.book.list(), clock.zone(), jobs),
  };
}

async function remove({ id }: CronArguments, { jobs, clock }: CronToolPorts): Promise<Prepared> {
  if (id === undefined) throw unfit("id", "say which job");
  const shown = await jobs.book.show(id);
  const { job } = shown;
  const { describeSchedule } = await schedules();
  return {
    args: { action: "remove", id: job.id },
    effect: "write",
    idempotent: true,
    resource: { kind: "schedule", action: "remove", job: job.id },
    preview: {
      title: "Remove a job",
      fields: [
        { name: "job", value: `${job.id} "${job.name}"` },
        { name: "when", value: describeSchedule(job.schedule, clock.zone()) },
      ],
    },
    async run() {
      const known = (await jobs.book.list()).some((one) => one.job.id === job.id);
      if (known) await jobs.book.remove(job.id);
      return await toResult([shown], clock.zone(), jobs);
    },
  };
}

async function toResult(
  views: readonly JobView[],
  zone: string,
  jobs: JobDesk,
): Promise<JsonObject> {
  const { describeSchedule } = await schedules();
  return {
    jobs: views.map(({ job, next }) => ({
      id: job.id,
      name: wording(job.name, job.marked),
      schedule: describeSchedule(job.schedule, zone),
      next: next.map((time) => formatTime(time, zone)),
      text: job.work.kind === "text" ? wording(job.work.text, job.marked) : "",
    })),
    running: await jobs.isRunning(),
  };
}

function wording(text: string, marked: boolean | undefined): string {
  return marked ? `(a text of untrusted origin, ${text.length} characters)` : text;
}

function unfit(argument: string, what: string): CodedError {
  return new CodedError("tool_arguments_invalid", `${NAME}: argument "${argument}": ${what}.`);
}

const GUIDANCE =
  `add stores fixed text that is told to the person, or a kept clam with a lease, never a
request to think about then; with one of at (once: 2027-01-31T09:00 in the person's zone, computed with
the tool time), every (5m, 2h, 1d) and cron ("0 9 * * 1-5"). remove takes the id that list gives. Where
running is false, say that nothing comes until the gateway runs.`;
