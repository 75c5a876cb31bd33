import type { OutgoingMessage } from "../channels/channel.ts";
import type { Job } from "../cron/job.ts";
import type { JobStore } from "../cron/job_store.ts";
import type { JobRun } from "../cron/ledger.ts";
import { nextRun } from "../cron/next.ts";
import { mayRetry, nextTryAfter } from "../cron/retry.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { Clock } from "../platform/platform.ts";
import { formatTime } from "../text/local_time.ts";
import type { JobEvents } from "../cron/events.ts";
import type { JobOutcome } from "./cron_ops.ts";
import type { TellingPlace } from "./notices.ts";
import type { GatewayStore } from "./store.ts";

/** What is needed to end runs of jobs. */
export interface JobEndPorts {
  readonly store: Pick<GatewayStore, "tell">;
  readonly jobs: JobStore;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly events: JobEvents;
  /** Where what comes of a job is told. */
  placeOf(job: Job): Promise<TellingPlace>;
  /** Whether something was done in a turn that must not be done twice. */
  hadEffect(turn: string): Promise<boolean>;
  /** Hears of every end, and of a run that waits or is to be tried again. */
  ended(outcome: JobOutcome): void;
}

/** Ends runs of jobs: the ledger, what is told, and whether it is tried again; all of it or nothing. */
export interface JobEnds {
  /** What a turn of a job came to. The same message may come again. */
  take(message: OutgoingMessage): Promise<void>;
  /** A text that is told as it is. */
  tellText(job: Job, run: JobRun): Promise<void>;
  /** It is not begun, or was taken away; nobody is told but who waits for it. */
  skip(run: JobRun, reason: string): void;
}

/** Builds it. */
export function createJobEnds(ports: JobEndPorts): JobEnds {
  const { jobs } = ports;
  return {
    async take(message) {
      const run = jobs.findTurn(message.turn ?? "");
      if (!run || (run.state !== "running" && run.state !== "waiting")) return;
      const job = jobs.find(run.job);
      if (message.question !== undefined) return await ask(message, run, job, ports);
      const isDone = message.status === "completed" || message.status === "chat";
      if (isDone) await finish(message.text, run, job, ports);
      else await fail(message, run, job, ports);
    },
    async tellText(job, run) {
      const text = job.work.kind === "text" ? job.work.text : "";
      await finish(text, run, job, ports);
    },
    skip(run, reason) {
      jobs.end(run, { state: "skipped", reason }, ports.clock.now());
      tellEnd(run, "", ports);
    },
  };
}

/** The run waits: whoever may answer is asked. */
async function ask(
  message: OutgoingMessage,
  run: JobRun,
  job: Job | undefined,
  ports: JobEndPorts,
): Promise<void> {
  const { store, jobs, clock, redactor } = ports;
  const place = job && await ports.placeOf(job);
  const about = `The job ${nameOf(run)} needs an answer.\n\n${message.text}`;
  jobs.together(() => {
    jobs.mark(run, "waiting");
    if (!place) return;
    const { channel, conversation } = place;
    // under a key of its own: under the one of the message it would count as told already
    const key = `cron:${message.key}`;
    const told = { ...message, key, conversation, text: redactor.redact(about) };
    store.tell([{ channel, message: told }], clock.now());
  });
  tellEnd(run, message.text, ports);
}

/** As the ledger has it now. */
function tellEnd({ job, due }: JobRun, text: string, { jobs, ended }: JobEndPorts): void {
  const run = jobs.findRun(job, due);
  if (run) ended({ run, text });
}

async function finish(
  text: string,
  run: JobRun,
  job: Job | undefined,
  ports: JobEndPorts,
): Promise<void> {
  const { jobs, clock } = ports;
  const failures = failuresBefore(run, undefined, jobs);
  const place = job && await ports.placeOf(job);
  jobs.together(() => {
    const now = clock.now();
    jobs.end(run, { state: "done" }, now);
    if (!job) return;
    const isOnce = job.deleteAfterRun || job.schedule.kind === "at";
    if (isOnce && isOnTime(job, run)) jobs.remove(job.id);
    const again = failures > 1 ? `It works again, after ${failures} runs that failed.\n\n` : "";
    const told = `${lateness(run, now, ports)}${again}${text}`;
    if (place) tell({ text: told, kind: "answer", place }, run, job, ports);
  });
  tellEnd(run, text, ports);
  await ports.events.note("cron_orchestrator_completed", run);
}

/** Not begun by hand, beside its times. */
function isOnTime({ schedule }: Job, { due }: JobRun): boolean {
  return nextRun(schedule, due - 1) === due;
}

/** Milliseconds after which what is told names the time that it was for. */
const TOLD_LATE_MS = 120_000;

function lateness({ due }: JobRun, now: number, { clock }: Pick<JobEndPorts, "clock">): string {
  return now - due > TOLD_LATE_MS ? `(due ${formatTime(due, clock.zone())})\n` : "";
}

async function fail(
  { text, code = "internal", turn = "" }: OutgoingMessage,
  run: JobRun,
  job: Job | undefined,
  ports: JobEndPorts,
): Promise<void> {
  const { jobs, clock, redactor } = ports;
  const reason = redactor.redact(text);
  const isAgain = job && mayRetry(code, run.tries, job.retries) && !await ports.hadEffect(turn);
  if (isAgain) {
    jobs.retry(run, nextTryAfter(run.tries, clock.now()), { code, reason });
    return tellEnd(run, text, ports);
  }
  const failures = 1 + failuresBefore(run, code, jobs);
  const place = job && await ports.placeOf(job);
  jobs.together(() => {
    jobs.end(run, { state: "failed", code, reason }, clock.now());
    if (!job) return;
    if (isOnTime(job, run)) endOnce(job, jobs);
    // the first one, the tenth, the hundredth: one that fails every minute must not bury all else
    if (!place || !isPowerOfTen(failures)) return;
    tell(
      { text: failureText(run, reason, failures, ports), kind: "failure", place },
      run,
      job,
      ports,
    );
  });
  tellEnd(run, text, ports);
  await ports.events.note("cron_executor_error", run, reason);
}

/** What was to be done once is over, also where it failed: it stays in the list, to be seen. */
function endOnce({ id, schedule, deleteAfterRun }: Job, jobs: JobStore): void {
  if (deleteAfterRun) jobs.remove(id);
  else if (schedule.kind === "at") jobs.change(id, { enabled: false });
}

function failureText(
  run: JobRun,
  reason: string,
  failures: number,
  { clock }: Pick<JobEndPorts, "clock">,
): string {
  const times = failures === 1 ? "failed" : `failed ${failures} times in a row`;
  const tries = failures === 1 && run.tries > 1 ? `, tried ${run.tries} times` : "";
  return `The job ${nameOf(run)}, due ${formatTime(run.due, clock.zone())}, ${times}${tries}: ` +
    `${reason}\nSee clambot cron history ${run.job}. If it goes on, I tell again after ` +
    `${10 * failures} times.`;
}

function tell(
  { text, kind, place }: {
    readonly text: string;
    readonly kind: "answer" | "failure";
    readonly place: TellingPlace;
  },
  { due }: JobRun,
  job: Job,
  { store, clock, redactor }: JobEndPorts,
): void {
  if (!job.delivery.deliver) return;
  const { channel, conversation } = place;
  // without the turn: what waits for the answer of a turn must not take it for that
  const message = {
    key: `cron:${kind}:${job.id}:${due}`,
    conversation,
    text: redactor.redact(text),
  };
  store.tell([{ channel, message }], clock.now());
}

/** Runs before this one that failed one after another; of one kind where it is named. */
function failuresBefore({ job, due }: JobRun, code: string | undefined, jobs: JobStore): number {
  let count = 0;
  for (const one of jobs.history({ job, most: MOST_COUNTED })) {
    if (one.due >= due || one.state === "skipped" || one.state === "missed") continue;
    if (one.state !== "failed" || (code !== undefined && one.code !== code)) break;
    count++;
  }
  return count;
}

const MOST_COUNTED = 2_000;

function isPowerOfTen(count: number): boolean {
  return /^10*$/.test(String(count));
}

function nameOf({ name, job }: JobRun): string {
  return `"${name}" (${job})`;
}
