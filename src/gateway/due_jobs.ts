import { type IncomingUpdate, turnOf } from "../channels/channel.ts";
import type { JobEvents } from "../cron/events.ts";
import { type Job, textOfWork } from "../cron/job.ts";
import type { JobStore } from "../cron/job_store.ts";
import type { JobRun } from "../cron/ledger.ts";
import { dueTimes, LATE_MS } from "../cron/missed.ts";
import { nextRun } from "../cron/next.ts";
import { conversationOfJob } from "../cron/conversation.ts";
import type { Clock } from "../platform/platform.ts";
import { formatTime } from "../text/local_time.ts";
import type { JobEnds } from "./job_ends.ts";
import type { Timely } from "./ticker.ts";

/** The name of the channel on which jobs speak. */
export const CRON_CHANNEL = "cron";

/** What is needed to start jobs at their times. */
export interface DueJobPorts {
  readonly jobs: JobStore;
  readonly ends: JobEnds;
  readonly clock: Clock;
  readonly events: JobEvents;
  /** Jobs that run at once; those that wait for a person do not count. */
  readonly atOnce: number;
  /** Whether everything was told to stop. */
  isStopped(): Promise<boolean>;
  /** Says something to the assistant; resolves when it is on disk. */
  post(update: IncomingUpdate): Promise<void>;
}

/** Jobs whose time comes. */
export interface DueJobs extends Timely {
  /** Goes on with what a process before this one began. */
  takeUp(): Promise<void>;
}

/** Jobs that are looked at in one go. */
const MOST_AT_ONCE = 100;

/** Milliseconds by which the clock may be set back without a look at all jobs. */
const SET_BACK_MS = 60_000;

/** Milliseconds over which runs that are made up are spread. */
const SPREAD_MS = 10_000;

/** Builds it. */
export function createDueJobs(ports: DueJobPorts): DueJobs {
  const { jobs, clock } = ports;
  let lastLook = -Infinity;
  const free = () =>
    ports.atOnce - jobs.underWay().filter(({ state }) => state === "running").length;

  return {
    name: "jobs",
    soonest() {
      const at = jobs.soonest();
      // what waits for a place is looked at when one gets free
      return at !== undefined && at <= clock.now() && free() <= 0 ? undefined : at;
    },
    async look(now) {
      if (now < lastLook - SET_BACK_MS) setBack(now, jobs);
      lastLook = now;
      const isStopped = await ports.isStopped();
      for (const job of jobs.due(now, MOST_AT_ONCE)) meet(job, now, jobs, clock.zone());
      for (const run of jobs.planned(now, Math.max(0, free()))) {
        if (isStopped) ports.ends.skip(run, STOPPED);
        else await start(run, ports);
      }
    },
    async takeUp() {
      const done = jobs.lastDoneAt();
      if (done !== undefined && done > clock.now() + SET_BACK_MS) setBack(clock.now(), jobs);
      for (const run of jobs.underWay()) {
        if (run.state === "running") jobs.mark(run, "running", true);
        const job = jobs.find(run.job);
        if (job) await ports.post(updateOf(job, run, clock.now()));
      }
    },
  };
}

const STOPPED = "Everything was told to stop.";
const MISSED = "Nothing ran at this time.";

/** Plans what has come due, by the job's policy, and when it is due next. */
function meet(job: Job, now: number, jobs: JobStore, zone: string): void {
  const times = dueTimes(job, now);
  const known = { job: job.id, name: job.name, tries: 0, resumed: false };
  jobs.together(() => {
    times.missed.forEach((due, at) => {
      const more = at === 0 && times.hasEarlier ? " So it was with times before it." : "";
      jobs.keep({ ...known, due, state: "missed", endedAt: now, reason: `${MISSED}${more}` });
    });
    const before = jobs.open(job.id);
    for (const due of times.run) {
      if (before) {
        const reason = `The run of ${formatTime(before.due, zone)} had not ended.`;
        jobs.keep({ ...known, due, state: "skipped", endedAt: now, reason });
      } else {
        jobs.keep({ ...known, due, state: "planned", nextTry: now + spread(job, due, now) });
      }
    }
    jobs.change(job.id, { nextAt: times.nextAt ?? null });
  });
}

/** What is made up does not begin all at once. */
function spread({ id }: Job, due: number, now: number): number {
  return now - due > LATE_MS ? parseInt(id.slice(0, 6), 36) % SPREAD_MS : 0;
}

async function start(run: JobRun, ports: DueJobPorts): Promise<void> {
  const { jobs, clock, ends, events } = ports;
  const job = jobs.find(run.job);
  if (!job) return ends.skip(run, "The job was removed.");
  if (!job.enabled && run.tries > 0) return ends.skip(run, "The job was disabled.");
  const begun = { ...run, tries: run.tries + 1 };
  const update = updateOf(job, begun, clock.now());
  const turn = await turnOf(update);
  jobs.start(run, turn, clock.now());
  await events.note("cron_executor_started", { ...begun, turn });
  try {
    if (job.work.kind === "text") await ends.tellText(job, { ...begun, turn });
    else await ports.post(update);
  } catch (error) {
    jobs.retry(run, clock.now() + LATE_MS, { reason: "It could not be begun." });
    throw error;
  }
}

/** The same try has the same update, and so the same turn, after every restart. */
function updateOf(job: Job, { due, tries }: JobRun, now: number): IncomingUpdate {
  const { id, name, work } = job;
  return {
    channel: CRON_CHANNEL,
    update: `${id}:${due}:${tries}`,
    conversation: conversationOfJob(job),
    place: "private",
    person: { id, name },
    text: textOfWork(work),
    at: now,
  };
}

/**
 * The clock was set back: what is due lies before the times that were reckoned with. A time that was
 * dealt with is not due again.
 */
function setBack(now: number, jobs: JobStore): void {
  for (const job of jobs.list()) {
    const next = nextUndone(job, now, jobs);
    if (next !== undefined && (job.nextAt === undefined || next < job.nextAt)) {
      jobs.change(job.id, { nextAt: next });
    }
  }
}

/** Times that were dealt with and lie ahead, at most: as many as are listed of those that passed. */
const MOST_AHEAD = 100;

function nextUndone({ id, schedule }: Job, now: number, jobs: JobStore): number | undefined {
  let at = nextRun(schedule, now);
  for (let looked = 0; at !== undefined && jobs.findRun(id, at); looked++) {
    if (looked === MOST_AHEAD) return undefined;
    at = nextRun(schedule, at);
  }
  return at;
}
