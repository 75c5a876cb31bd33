import { CodedError } from "../domain/failure.ts";
import { whoseConversation } from "../domain/conversation.ts";
import type { Clock, Random } from "../platform/platform.ts";
import {
  type Delivery,
  type Job,
  MISSED_POLICIES,
  type MissedPolicy,
  type Schedule,
  type Work,
} from "./job.ts";
import type { JobStore } from "./job_store.ts";
import type { JobRun } from "./ledger.ts";
import { nextRuns } from "./next.ts";
import { sha256Hex } from "../text/canonical_json.ts";
import { MOST_RETRIES, USUAL_RETRIES } from "./retry.ts";
import { doubtsAboutSchedule, readSchedule, type TypedSchedule } from "./schedule.ts";

/** A job that somebody wants. */
export interface JobOrder {
  /** The beginning of what it does, where it is left out. */
  readonly name?: string;
  readonly when: TypedSchedule;
  readonly work: Work;
  readonly missed?: MissedPolicy;
  readonly retries?: number;
  readonly delivery?: Delivery;
  readonly deleteAfterRun?: boolean;
  /** The conversation in which it is made. */
  readonly conversation: string;
  /** It comes from a run that took in text of others. */
  readonly marked?: boolean;
  /** Names the order: given again under the same one, it is the same job. */
  readonly key?: string;
}

/** A job as people see it. */
export interface JobView {
  readonly job: Job;
  /** When it is due next, three times at most. */
  readonly next: readonly number[];
  /** What became of it last. */
  readonly last?: JobRun;
  /** What is odd about its schedule. */
  readonly doubts: readonly string[];
}

/** The jobs of a home. What is changed here is looked at at once, where a gateway runs. */
export interface JobBook {
  /** @throws {CodedError} `usage` names what is wrong */
  add(order: JobOrder): Promise<JobView>;
  /** Each with its next time alone: three of thousands would take seconds. */
  list(): Promise<readonly JobView[]>;
  /** @throws {CodedError} `job_not_found` */
  show(id: string): Promise<JobView>;
  /** Takes it away; what runs of it is ended. @throws {CodedError} `job_not_found` */
  remove(id: string): Promise<JobView>;
  /** @throws {CodedError} `job_not_found`; `usage` where it would never be due again */
  enable(id: string, enabled: boolean): Promise<JobView>;
  /** The newest first. @throws {CodedError} `job_not_found` */
  history(id: string | undefined, most: number): Promise<readonly JobRun[]>;
}

/** What a book is kept with. */
export interface JobBookPorts {
  readonly store: JobStore;
  readonly clock: Clock;
  readonly random: Pick<Random, "id">;
  /** Called after every change. `removed`: a job that is gone. */
  changed(removed?: string): Promise<void> | void;
}

/** Opens the book over a store. */
export function createJobBook(ports: JobBookPorts): JobBook {
  const { store, clock, changed } = ports;
  const viewOf = (job: Job) => view(job, store, clock.now());
  return {
    async add(order) {
      const job = await readOrder(order, ports);
      const known = store.find(job.id);
      if (known) return viewOf(known); // the same order came again
      store.add(job);
      await changed();
      return viewOf(job);
    },
    list: () => later(() => store.list().map((job) => briefly(job, store))),
    show: (id) => later(() => viewOf(find(id, store))),
    async remove(id) {
      const known = viewOf(find(id, store));
      store.remove(known.job.id);
      await changed(known.job.id);
      return known;
    },
    async enable(id, enabled) {
      const job = find(id, store);
      const [nextAt] = nextRuns(job.schedule, clock.now(), 1);
      if (enabled && nextAt === undefined) {
        throw new CodedError("usage", `The job ${job.id} is never due again.`, "Add it anew.");
      }
      // times that passed while it was off were not missed
      store.change(job.id, { enabled, ...(enabled ? { nextAt: nextAt ?? null } : {}) });
      await changed();
      return viewOf(find(job.id, store));
    },
    history: (id, most) =>
      later(() => {
        if (id === undefined) return store.history({ most });
        const runs = store.history({ job: id, most });
        return runs.length > 0 ? runs : store.history({ job: find(id, store).id, most });
      }),
  };
}

/** As a promise, errors too. */
function later<T>(work: () => T): Promise<T> {
  return Promise.resolve().then(work);
}

/** By its id, or by a name that only one has. @throws {CodedError} `job_not_found` */
function find(id: string, store: JobStore): Job {
  const known = store.find(id);
  if (known) return known;
  const named = store.list().filter((job) => job.name === id);
  const [only] = named;
  if (only && named.length === 1) return only;
  throw new CodedError(
    "job_not_found",
    named.length > 1
      ? `${named.length} jobs have the name "${id}": ${named.map((job) => job.id).join(", ")}.`
      : `There is no job "${id}".`,
    named.length > 1 ? "Name one by its id." : "See clambot cron list.",
  );
}

function view(job: Job, store: JobStore, now: number): JobView {
  const first = job.enabled && job.nextAt !== undefined ? [job.nextAt] : [];
  const [nextAt] = first;
  const next = nextAt === undefined
    ? []
    : [nextAt, ...nextRuns(job.schedule, Math.max(nextAt, now), 2)];
  const [last] = store.history({ job: job.id, most: 1 });
  const doubts = doubtsAboutSchedule(job.schedule);
  return { job, next, doubts, ...(last ? { last } : {}) };
}

function briefly(job: Job, store: JobStore): JobView {
  const next = job.enabled && job.nextAt !== undefined ? [job.nextAt] : [];
  const [last] = store.history({ job: job.id, most: 1 });
  return { job, next, doubts: [], ...(last ? { last } : {}) };
}

const LONGEST_NAME = 80;
const LONGEST_TEXT = 10_000;

/** @throws {CodedError} `usage` */
async function readOrder(order: JobOrder, { clock, random }: JobBookPorts): Promise<Job> {
  const { when, work, conversation, missed = "once", retries = USUAL_RETRIES } = order;
  const now = clock.now();
  if (whoseConversation(conversation).kind === "guest") {
    throw new CodedError("usage", "A guest cannot have jobs.");
  }
  if (!MISSED_POLICIES.includes(missed)) {
    throw new CodedError("usage", `"missed" is one of ${MISSED_POLICIES.join(", ")}.`);
  }
  if (!Number.isInteger(retries) || retries < 0 || retries > MOST_RETRIES) {
    throw new CodedError("usage", `"retries" is a whole number from 0 to ${MOST_RETRIES}.`);
  }
  refuseEmpty(work);
  const schedule: Schedule = readSchedule(when, { now, zone: clock.zone() });
  const [nextAt] = nextRuns(schedule, now, 1);
  return {
    id: order.key === undefined ? random.id().slice(0, 8) : await idOf(order.key),
    name: nameOf(order),
    enabled: true,
    schedule,
    work,
    missed,
    retries,
    delivery: order.delivery ?? { deliver: true },
    deleteAfterRun: order.deleteAfterRun ?? false,
    conversation,
    ...(order.marked ? { marked: true } : {}),
    createdAt: now,
    ...(nextAt === undefined ? {} : { nextAt }),
  };
}

async function idOf(key: string): Promise<string> {
  return (await sha256Hex(key)).slice(0, 8);
}

function refuseEmpty(work: Work): void {
  const text = work.kind === "clam" ? work.clam : work.text;
  if (text.trim() === "") throw new CodedError("usage", `The ${work.kind} of the job is empty.`);
  if (text.length <= LONGEST_TEXT) return;
  throw new CodedError("usage", `The text of a job has ${LONGEST_TEXT} characters at most.`);
}

/** A line that fits a list. @throws {CodedError} `usage` */
function nameOf({ name, work }: JobOrder): string {
  const said = name ?? (work.kind === "clam" ? work.clam : work.text);
  // deno-lint-ignore no-control-regex
  const line = said.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
  if (line === "") throw new CodedError("usage", "The name of the job is empty.");
  return line.length <= LONGEST_NAME ? line : `${line.slice(0, LONGEST_NAME - 1).toWellFormed()}…`;
}
