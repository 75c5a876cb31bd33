import type { Approver } from "../approvals/approver.ts";
import type { Channel } from "../channels/channel.ts";
import type { Config } from "../config/schema.ts";
import type { Origin } from "../domain/message.ts";
import type { Listen } from "../domain/turn_event.ts";
import type { Answer } from "../domain/turn.ts";
import { createGateway } from "../gateway/gateway.ts";
import type { Gateway, GatewayPorts, HeardVoice } from "../gateway/gateway_ports.ts";
import type { ToldQuestion } from "../gateway/prompts.ts";
import { closedQuestion, NO_LONGER, tellQuestion } from "../gateway/question_text.ts";
import { type KeptUpdate, openGatewayStore } from "../gateway/store.ts";
import { createTurnsShown } from "../gateway/turns_shown.ts";
import type { JobStore } from "../cron/job_store.ts";
import type { Heartbeat } from "../heartbeat/heartbeat.ts";
import { formatVerdict } from "../heartbeat/verdict.ts";
import type { Files, Log } from "../platform/platform.ts";
import type { QuestionRecord } from "../runs/record.ts";
import type { ListedRun } from "../runs/runs.ts";
import { receiveUpdate } from "./_received.ts";
import type { App } from "./app.ts";
import { runClamJob } from "./_clam_job.ts";
import { answerBeat } from "./_beat_answer.ts";
import { findRun } from "./_find_run.ts";
import { createInTime } from "./_in_time.ts";
import { openJobsAtWork } from "./_jobs_at_work.ts";
import { endRemovedJob } from "./_removed_job.ts";
import { type HomeJobs, openHomeJobs } from "./home_jobs.ts";
import { typedGrants } from "./given_grants.ts";
import { lookAfterRuns } from "./run_care.ts";
import type { Stores } from "./stores.ts";
import type { Surroundings } from "./surroundings.ts";

// The gateway, put together over the house.

/** What the gateway is opened with besides the house. */
export interface GatewayMeans {
  readonly channels: readonly Channel[];
  readonly log: Log;
  /** Milliseconds to wait for what may still belong to a request; the usual time when left out. */
  readonly joinMs?: number;
  /** Gets every event of every turn. */
  readonly listen?: Listen;
  /** Where what a channel brings comes from, as it is counted and limited. */
  originOf(channel: string): Origin;
  /** Decides about an update before the queue; see `GatewayPorts`. */
  admit(
    update: KeptUpdate,
    isAgain: boolean,
    gateway: Gateway,
  ): ReturnType<GatewayPorts["admit"]>;
  /** Puts away what nobody needs, when that is due; it is asked now and then. */
  cleanUp?(): Promise<void>;
  /** The conversation in which what is said is kept; that of the channel where it is left out. */
  sessionOf?(update: KeptUpdate): Promise<string>;
  /** Milliseconds after its time is up in which a job may end; the usual ones when left out. */
  readonly graceMs?: number;
  /** The jobs of the home, where they are open already; closed with the gateway. */
  readonly home?: HomeJobs;
  /** The directory of logs; that of the state where it is left out. */
  readonly logs?: Files;
  /** The directory of `HEARTBEAT.md`; without it there is no heartbeat. */
  readonly memory?: Files;
}

/** What of the configuration the gateway goes by. */
export type GatewaySetting = Pick<
  Config,
  "agents" | "channels" | "cron" | "gateway" | "heartbeat"
>;

/**
 * Opens the gateway over the house.
 * @throws {CodedError} `file_failed` when its store is damaged
 */
export async function openGateway(
  app: App,
  config: GatewaySetting,
  means: GatewayMeans,
): Promise<Gateway> {
  const { stores } = app;
  const home = means.home ?? await openHomeJobs(stores);
  const store = openGatewayStore(home.database);
  const logs = means.logs ?? stores.state;
  const underWay = () => gateway.underWay();
  const around = { ...means, stores, home, store, logs, config, underWay };
  const { channels: inward, heartbeat } = openJobsAtWork(around);
  const isInward = ({ channel }: KeptUpdate) => inward.some(({ name }) => name === channel);
  const sessionOf = async (update: KeptUpdate) =>
    isInward(update) ? update.conversation : await means.sessionOf?.(update) ?? update.conversation;
  const shown = createTurnsShown({ ...means, store });
  const answerInward = (kept: KeptUpdate, signal: AbortSignal) =>
    kept.channel === heartbeat?.name
      ? answerTask(kept, heartbeat, means, app, signal)
      : answerJob(kept, home.store, means, app, signal);
  const inTime = createInTime(stores.clock, config.agents.budgets.perTurn.seconds, means.graceMs);
  const gateway: Gateway = createGateway({
    ...means,
    channels: [...means.channels, ...inward],
    async admit(update, isAgain) {
      if (isInward(update)) return { kind: "turn" };
      const admission = await means.admit(update, isAgain, gateway);
      if (admission.kind === "turn") shown.begin(update); // before its turn in the queue comes
      return admission;
    },
    store,
    jobsAtOnce: config.cron.atOnce,
    clock: stores.clock,
    redactor: stores.redactor,
    random: stores.random,
    concurrency: config.gateway.concurrency ?? navigator.hardwareConcurrency,
    maxAgeHours: config.gateway.maxAgeHours,
    mostWaiting: config.gateway.mostWaiting,
    answer: async (update, signal) => {
      const kept = { ...update, conversation: await sessionOf(update) };
      if (isInward(update)) return await inTime((signal) => answerInward(kept, signal), signal);
      return await shown.during(update, (hears) => {
        const around = { ...means, hears };
        if (store.takeNew(update.turn)) return beginTurn(kept, around, app, signal);
        return answerOnce(kept, around, app, signal);
      });
    },
    resume: (run, signal, given) =>
      shown.during(store.findParked(run), async (hears) => {
        const { record } = await stores.runs.find(run);
        const { person } = record?.opening ?? {};
        const by = { channel: "gateway", ...(person === undefined ? {} : { person }) };
        const grants = given ? { grants: typedGrants(given, stores) } : {};
        const around = { approver: LATER, by, ...grants, ...listening({ ...means, hears }) };
        const resume = (signal: AbortSignal) => app.resumeRun(run, around, signal);
        const answer =
          await (isInwards(record?.opening.origin) ? inTime(resume, signal) : resume(signal));
        if (record?.opening.origin !== "heartbeat") return answer;
        return { ...answer, report: answer.reply }; // whoever was asked is told what came of it
      }),
    async isBegun(update) {
      const kept = { ...update, conversation: await sessionOf(update) };
      const run = await findRun(update.turn, stores);
      return run !== undefined || await knownAnswer(kept, run, stores) !== undefined;
    },
    async stillWaits(turn) {
      const run = await findRun(turn, stores);
      return run?.state === "waiting" || run?.state === "running";
    },
    async lookAfterRuns() {
      try {
        await lookAfterRuns(stores);
      } finally {
        await means.cleanUp?.();
      }
    },
    describe: (answer) => describe(answer, stores),
    endOf: (question) => endOf(question, stores),
  });
  home.bell.onRing((gone) => {
    if (gone !== undefined) void endRemovedJob(gone, { home, gateway, stores, log: means.log });
  });
  return gateway;
}

/** Whether the house does it by itself. */
function isInwards(origin: Origin | undefined): boolean {
  return origin === "cron" || origin === "heartbeat";
}

/** Nobody is waited for while a turn runs: its question stays, and the run goes on later. */
const LATER: Approver = { ask: () => Promise.resolve({ kind: "unavailable" }) };

/** Takes an update to its answer for the first time. */
async function beginTurn(
  update: KeptUpdate,
  means: Pick<GatewayMeans, "originOf" | "listen" | "channels"> & Hearing,
  app: App,
  signal: AbortSignal,
): Promise<Answer | HeardVoice> {
  const { turn, person } = update;
  const origin = means.originOf(update.channel);
  const channel = means.channels.find(({ name }) => name === update.channel) ?? {};
  const received = await receiveUpdate(update, { app, channel, origin }, signal);
  if (received.kind === "told") return received.answer;
  const by = { channel: update.channel, person: person.id };
  const around = { approver: LATER, by, turn, ...listening(means) };
  return await app.openTurn(received.message, around, signal);
}

/** Takes an update to its answer, however often a process ended on the way. */
async function answerOnce(
  update: KeptUpdate,
  means: Pick<GatewayMeans, "originOf" | "listen" | "channels"> & Hearing,
  app: App,
  signal: AbortSignal,
): Promise<Answer | HeardVoice> {
  const { turn, conversation, channel, person } = update;
  const { stores } = app;
  const run = await findRun(turn, stores);
  if (run?.record && run.record.opening.conversation !== conversation) {
    return await withdraw(run, stores);
  }
  const known = run?.state === "interrupted" ? undefined : await knownAnswer(update, run, stores);
  if (known) return known;
  // a run that stands open goes on, or comes to its question again
  if (run && (run.state === "interrupted" || run.state === "waiting")) {
    const by = { channel, person: person.id };
    return await app.resumeRun(turn, { approver: LATER, by, ...listening(means) }, signal);
  }
  return run ? lostAnswer(turn) : await beginTurn(update, means, app, signal);
}

/** Looks after the standing tasks. */
async function answerTask(
  update: KeptUpdate,
  heartbeat: Heartbeat,
  means: Pick<GatewayMeans, "listen" | "channels">,
  app: App,
  signal: AbortSignal,
): Promise<Answer | HeardVoice> {
  const around = { ...means, originOf: () => "heartbeat" as const };
  const answer = (mostModelCalls: number) =>
    answerOnce(update, { ...around, mostModelCalls }, app, signal);
  return await answerBeat(update, heartbeat, app, signal, answer);
}

/** A job that runs a clam runs it alone; every other one says something. */
async function answerJob(
  update: KeptUpdate,
  jobs: JobStore,
  means: Pick<GatewayMeans, "listen">,
  app: App,
  signal: AbortSignal,
): Promise<Answer | HeardVoice> {
  const { turn, conversation, text, at } = update;
  const work = jobs.find(jobs.findTurn(turn)?.job ?? "")?.work;
  const ofJob = { ...means, channels: [], originOf: () => "cron" as const };
  if (work?.kind !== "clam") return await answerOnce(update, ofJob, app, signal);
  const message = { origin: "cron", conversation, text, at } as const;
  const around = { approver: LATER, by: { channel: "cron" }, turn, ...listening(means) };
  const run = await findRun(turn, app.stores);
  return await runClamJob({ work, message, around, run }, app, signal);
}

/** Who sees in a channel how far a turn is. */
interface Hearing {
  readonly hears?: Listen | undefined;
  /** Requests to models at most, where the turn shares them with others. */
  readonly mostModelCalls?: number;
}

/** Whoever sees a turn sees its answer grow, too. */
function listening(
  { listen, hears, mostModelCalls }: Pick<GatewayMeans, "listen"> & Hearing,
): Pick<Surroundings, "listen" | "streams" | "mostModelCalls"> {
  const limited = mostModelCalls === undefined ? {} : { mostModelCalls };
  if (!hears) return listen ? { listen, ...limited } : limited;
  const both: Listen = (event) => {
    listen?.(event);
    hears(event);
  };
  return { listen: both, streams: true, ...limited };
}

/** The answer that a process kept in the conversation before it ended; `undefined`: there is none yet. */
async function knownAnswer(
  { turn, conversation }: KeptUpdate,
  run: ListedRun | undefined,
  { sessions }: Stores,
): Promise<Answer | undefined> {
  const entry = (await sessions.read(conversation)).findLast(({ role, metadata }) =>
    role === "assistant" && metadata.turn === turn
  );
  if (!entry) return undefined;
  const { metadata: { status: kept, code, marked }, content } = entry;
  const known = { ...NOTHING_DONE, reply: content, turn, foreign: marked === true };
  if (kept !== "needs_person") {
    return { ...known, status: code === undefined ? "completed" : "failed" };
  }
  const { ended, questions = [] } = run?.record ?? {};
  if (ended) return { ...lostAnswer(turn), ...(ended.failure ? { failure: ended.failure } : {}) };
  const open = questions.find(({ answer }) => !answer);
  if (!open) return undefined; // it waits for a clam that it uses, and comes to that question again
  const waits = { run: turn, question: open.question, expiresAt: open.expiresAt };
  return { ...known, status: "needs_person", waits };
}

const NOTHING_DONE = { calls: [], modelCalls: 0, durationMs: 0, foreign: false };

/** Whoever asked has other rights than when the run was begun, so that it does not go on with those. */
async function withdraw({ run, record }: ListedRun, { runs }: Stores): Promise<Answer> {
  const failure = {
    code: "cancelled",
    message: "This was begun when you had other rights here, so it was ended.",
    hint: "Ask again, if it is still wanted.",
  } as const;
  if (!record?.ended) await (await runs.takeUp(run)).end("cancelled", failure);
  return { status: "failed", reply: "", failure, turn: run, ...NOTHING_DONE };
}

/** The run has ended, or its record is damaged, and nobody kept what came of it: it is not begun anew. */
function lostAnswer(turn: string): Answer {
  const failure = {
    code: "internal",
    message: "This was begun, and what came of it was lost before I could tell you.",
    hint: `See clambot runs show ${turn}; ask again for what is still wanted.`,
  } as const;
  return { status: "failed", reply: "", failure, turn, ...NOTHING_DONE };
}

/** What a person reads of an answer. */
async function describe(answer: Answer, stores: Stores): Promise<ToldQuestion> {
  const { waits, failure, reply } = answer;
  // it may be one of a clam that the run uses
  const found = waits && await findQuestion(waits.question, stores);
  if (found) return tellQuestion(found.question, stores.clock.zone());
  if (!failure && answer.report !== undefined) {
    return { text: formatVerdict({ report: answer.report, calls: answer.modelCalls }) };
  }
  if (!failure) return { text: reply === "" ? "Done." : reply };
  const { message, hint } = failure;
  return { text: hint === undefined ? message : `${message}\n${hint}` };
}

/** How a question ended; `undefined` while it can be answered. */
async function endOf(question: string, stores: Stores): Promise<string | undefined> {
  const found = await findQuestion(question, stores);
  if (!found) return NO_LONGER;
  return found.question.answer || found.isOver ? closedQuestion(found.question) : undefined;
}

/** A question, and whether its run is over. */
interface FoundQuestion {
  readonly question: QuestionRecord;
  readonly isOver: boolean;
}

async function findQuestion(id: string, { runs }: Stores): Promise<FoundQuestion | undefined> {
  // most are open; one whose run has ended is looked for to say so
  for (const list of [runs.listOpen, runs.list]) {
    for (const { record } of await list()) {
      const question = record?.questions.find((one) => one.question === id);
      if (question) return { question, isOver: record?.ended !== undefined };
    }
  }
  return undefined;
}
