import { CodedError } from "../domain/failure.ts";
import { abortable } from "../platform/abortable.ts";
import { createJobBook, type JobBook } from "../cron/job_book.ts";
import { type JobStore, openJobStore } from "../cron/job_store.ts";
import { type Bell, createBell } from "../gateway/bell.ts";
import type { JobOutcome } from "../gateway/cron_ops.ts";
import { type Notices, openNotices } from "../gateway/notices.ts";
import { type OriginalJobPorts, takeOverOriginals } from "./_original_jobs.ts";
import { openGatewayDatabase } from "../gateway/store.ts";
import type { Database } from "../platform/database.ts";
import type { Clock, Files } from "../platform/platform.ts";

export type { Originals } from "./_original_jobs.ts";

/** Where the gateway's database stands in the state directory. */
export const GATEWAY_STORE = "gateway.sqlite";

/** The jobs of a home in the one process that has its database open. */
export interface HomeJobs {
  readonly database: Database;
  readonly store: JobStore;
  readonly book: JobBook;
  /** Rings when jobs changed, with the id of one that is gone. */
  readonly bell: Bell<string | undefined>;
  /** Rings when a run of a job has ended, waits for a person, or is to be tried again. */
  readonly ended: Bell<JobOutcome>;
  readonly notices: Notices;
}

/** What jobs are opened with. */
export interface HomeJobPorts extends OriginalJobPorts {
  readonly state: Files;
}

/**
 * Opens the gateway's database and the jobs in it. Only the process that holds the gateway's lock may.
 * @throws {CodedError} `file_failed` where it is damaged; it is left as it is
 */
export async function openHomeJobs(ports: HomeJobPorts): Promise<HomeJobs> {
  const { state, clock, random } = ports;
  await state.append(GATEWAY_STORE, ""); // so that it is the owner's alone from the start
  const database = openGatewayDatabase(`${state.path}/${GATEWAY_STORE}`);
  try {
    const store = openJobStore(database);
    const bell = createBell<string | undefined>();
    const book = createJobBook({ store, clock, random, changed: (gone) => bell.ring(gone) });
    const notices = openNotices(database);
    await takeOverOriginals({ store, notices }, ports);
    return { database, store, book, bell, ended: createBell(), notices };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Begins a job now, beside its times, and waits for what comes of it first.
 * @throws {CodedError} `job_not_found`; `usage` while it runs; and the signal's reason
 */
export async function runJobNow(
  id: string,
  { book, store, bell, ended }: Pick<HomeJobs, "book" | "store" | "bell" | "ended">,
  clock: Pick<Clock, "now">,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { job } = await book.show(id);
  if (store.open(job.id)) {
    throw new CodedError("usage", `The job ${job.id} runs already.`, "See clambot cron history.");
  }
  const due = clock.now();
  const { promise, resolve } = Promise.withResolvers<JobOutcome>();
  const leave = ended.onRing((outcome) => {
    if (outcome.run.job === job.id && outcome.run.due === due) resolve(outcome);
  });
  const known = { job: job.id, name: job.name, tries: 0, resumed: false };
  store.keep({ ...known, due, state: "planned", nextTry: due });
  bell.ring(undefined);
  try {
    return await abortable(promise, signal);
  } finally {
    leave();
  }
}
