import { CodedError } from "../domain/failure.ts";
import type { AppendFile } from "../platform/platform.ts";
import { findRunFile, listRunFiles, type ReadRun, readRun, type RunFile } from "./_files.ts";
import type { RunOutcome } from "../domain/turn.ts";
import { beginRun, readOnlyAttempt, takeUpRun } from "./_run.ts";
import type { AnsweredBy, Opening, QuestionEnd, ResultLine, RunEnd } from "./line.ts";
import { openQuestions, type QuestionRecord, type RunRecord } from "./record.ts";
import type { LastAttempt, Run, RunPorts } from "./run.ts";

/** How a run stands. */
export type RunStanding =
  /** A process is at it. */
  | "running"
  /** A question of it is open. */
  | "waiting"
  /** Its process ended before it did. */
  | "interrupted"
  /** Its file is not as it was written; nothing is done with it. */
  | "damaged"
  | RunEnd;

/** A run as a list shows it. */
export interface ListedRun {
  readonly run: string;
  readonly state: RunStanding;
  /** Absent where nothing of the file can be trusted. */
  readonly record?: RunRecord;
}

/** The runs of programs: what was asked of the world, and what came of it; on disk before it counts. */
export interface Runs {
  /** Begins a run; its file comes with its first program. */
  open(opening: Opening): Run;
  /** Every run that is kept, oldest first. */
  list(): Promise<readonly ListedRun[]>;
  /**
   * One run, by its id or the beginning of it.
   * @throws {CodedError} `run_not_found`
   */
  find(run: string): Promise<ListedRun>;
  /**
   * Takes a run up again that no process is at.
   * @throws {CodedError} `run_not_found`, `run_busy`, `run_damaged`, or `run_ended`
   */
  takeUp(run: string): Promise<Run>;
  /**
   * Answers a question, once. The run goes on when it is taken up again.
   * @throws {CodedError} `question_closed` when there is no such open question, or its time is over;
   *   else as `takeUp`
   */
  answer(question: string, reply: QuestionEnd, by: AnsweredBy): Promise<AnsweredQuestion>;
  /**
   * Every program of a run, to be run again for comparison: what they are told is what was told, and
   * nothing gets on record.
   * @throws {CodedError} `run_not_found` or `run_damaged`
   */
  programs(run: string): Promise<readonly RecordedAttempt[]>;
  /** Takes away runs that ended longer ago than they are kept; once a day. @returns how many */
  sweep(): Promise<number>;
}

/** A program of a run, with what its calls were answered and how it ended, where it did. */
export interface RecordedAttempt extends LastAttempt {
  readonly told: readonly ResultLine[];
  readonly outcome?: RunOutcome;
}

/** A question that was just answered. */
export interface AnsweredQuestion {
  readonly run: string;
  readonly record: RunRecord;
  readonly question: QuestionRecord;
}

/** Opens the runs of a home. */
export function openRuns(ports: RunPorts): Runs {
  const { files, clock } = ports;

  /** `undefined` where nothing was begun. */
  async function listed(file: RunFile): Promise<ListedRun | undefined> {
    const { run } = file;
    const { record, damagedAt, lines } = await readRun(file, ports);
    if (damagedAt === undefined && lines.length === 0) return undefined;
    if (damagedAt !== undefined || !record) return { run, state: "damaged" };
    return { run, state: await stateOf(record, file), record };
  }

  async function stateOf(record: RunRecord, { name }: RunFile): Promise<RunStanding> {
    if (record.ended) return record.ended.how;
    const held = await files.openAppend(name);
    held?.close();
    if (!held) return "running";
    return openQuestions(record).length > 0 ? "waiting" : "interrupted";
  }

  async function list(): Promise<readonly ListedRun[]> {
    const all = await Promise.all((await listRunFiles(files)).map(listed));
    return all.filter((one) => one !== undefined);
  }

  async function takeUp(id: string): Promise<Run> {
    const file = await findRunFile(id, files);
    const held = await openPatiently(file.name, ports);
    if (!held) throw busy(file.run);
    try {
      const read = await readRun(file, ports);
      const sound = soundRecord(file.run, read);
      if (sound.ended) throw over(file.run, sound.ended.how);
      return await takeUpRun({ ...read, record: sound }, held, ports);
    } catch (error) {
      held.close();
      throw error;
    }
  }

  return {
    open: (opening) => beginRun(opening, ports),
    list,
    async find(id) {
      const file = await findRunFile(id, files);
      return await listed(file) ?? { run: file.run, state: "damaged" };
    },
    takeUp,
    async answer(question, reply, by) {
      const asking = (await list()).find(({ record }) =>
        record?.questions.some((one) => one.question === question)
      );
      if (!asking) throw closed(`There is no question "${question}".`);
      const run = await takeUp(asking.run).catch((error) => {
        const isOver = error instanceof CodedError && error.code === "run_ended";
        throw isOver ? closed(`The run of the question "${question}" has ended.`) : error;
      });
      try {
        const answered = await answerOnce(run, question, reply, by, clock.now());
        return { run: run.id, record: run.record, question: answered };
      } finally {
        await run.close();
      }
    },
    async programs(id) {
      const file = await findRunFile(id, files);
      const record = soundRecord(file.run, await readRun(file, ports));
      return record.attempts.map((recorded) => {
        const { program, memo, told, outcome } = recorded;
        const attempt = readOnlyAttempt(recorded, ports);
        return { program, memo, attempt, told, ...(outcome ? { outcome } : {}) };
      });
    },
    sweep: () => sweep(ports),
  };
}

/** Somebody who answers or looks has it for a moment only. */
async function openPatiently(
  name: string,
  { files, clock }: RunPorts,
): Promise<AppendFile | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const held = await files.openAppend(name);
    if (held) return held;
    await clock.sleep(TRY_MS);
  }
  return undefined;
}

async function sweep(ports: RunPorts): Promise<number> {
  const { files, clock, keepDays } = ports;
  const now = clock.now();
  const before = now - keepDays * DAY_MS;
  const last = Number(await files.readText(SWEPT) ?? 0);
  if (last <= now && now < last + DAY_MS) return 0;
  await files.replace(SWEPT, String(now));
  let removed = 0;
  for (const file of await listRunFiles(files)) {
    const { record, damagedAt } = await readRun(file, ports);
    const at = damagedAt === undefined ? record?.ended?.at : undefined;
    if (at === undefined || at >= before) continue;
    await files.remove(file.name);
    removed++;
  }
  return removed;
}

/** When old runs were taken away last, in milliseconds since 1970. */
const SWEPT = "swept";
const DAY_MS = 86_400_000;
const TRY_MS = 25;
const MOST_TRIES = 80;

async function answerOnce(
  run: Run,
  id: string,
  reply: QuestionEnd,
  by: AnsweredBy,
  now: number,
): Promise<QuestionRecord> {
  const question = run.record.questions.find((one) => one.question === id);
  if (!question) throw closed(`There is no question "${id}".`);
  if (question.answer) throw closed(`The question "${id}" was answered already.`);
  if (question.expiresAt <= now && reply.kind !== "expired") {
    throw closed(`The question "${id}" came to its end before this answer.`);
  }
  await run.answer(id, reply, by);
  return { ...question, answer: { reply, by, at: now } };
}

function soundRecord(run: string, { record, damagedAt }: ReadRun): RunRecord {
  if (record && damagedAt === undefined) return record;
  const where = damagedAt === undefined ? "" : ` (line ${damagedAt})`;
  throw new CodedError(
    "run_damaged",
    `The record of the run ${run} is not as it was written${where}, so nothing is done with it.`,
    `Look at what it did with clambot runs show ${run}, and ask again for what is still wanted.`,
  );
}

function busy(run: string): CodedError {
  return new CodedError(
    "run_busy",
    `Another process of ClamBot is at the run ${run} just now.`,
    "Answer there, or wait until it has ended.",
  );
}

function over(run: string, how: RunEnd): CodedError {
  return new CodedError("run_ended", `The run ${run} has ended (${how}).`);
}

function closed(message: string): CodedError {
  return new CodedError(
    "question_closed",
    `${message} Nothing was done.`,
    "See clambot approvals pending.",
  );
}
