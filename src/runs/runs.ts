import { CodedError, type Failure } from "../domain/failure.ts";
import type { RunOutcome } from "../domain/turn.ts";
import type { AppendFile } from "../platform/platform.ts";
import { findRunFile, type ReadRun, readRun } from "./_files.ts";
import { endExpired, endWhole } from "./_ending.ts";
import { ancestorsOf, findListed, listOpenRuns, listRuns } from "./_listing.ts";
import { openPart } from "./_parts.ts";
import { restoreAudit } from "./_restored_audit.ts";
import { beginRun, readOnlyAttempt, takeUpRun } from "./_run.ts";
import { isDue, sweepRuns } from "./_sweep.ts";
import type { AnsweredBy, Opening, QuestionEnd, ResultLine, RunEnd } from "./line.ts";
import type { ListedRun } from "./listed_run.ts";
import type { QuestionRecord, RunRecord } from "./record.ts";
import type { LastAttempt, OpenedPart, PartOpening, Run, RunPorts } from "./run.ts";

export { EXPIRED } from "./_ending.ts";
export type { ListedRun, RunFlaw, RunStanding } from "./listed_run.ts";

/** The runs of programs: what was asked of the world, and what came of it; on disk before it counts. */
export interface Runs {
  /** Begins a run; its file comes with its first program. */
  open(opening: Opening): Run;
  /**
   * Opens the run of a program that is a part of another one: begins it, or takes up what was begun in
   * the same place before.
   * @throws {CodedError} as `takeUp`
   */
  openPart(opening: PartOpening): Promise<OpenedPart>;
  /** Every run that is kept, oldest first. */
  list(): Promise<readonly ListedRun[]>;
  /** Those that have not ended, or of which nobody can tell; quick however many have. */
  listOpen(): Promise<readonly ListedRun[]>;
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
   * The run that goes on when this one does: itself, or the first one of those that it is a part of.
   * @throws {CodedError} `run_not_found`
   */
  rootOf(run: string): Promise<string>;
  /**
   * Ends a run that no process is at for good, with all that it is a part of, and all their parts.
   * @returns the first one of them
   * @throws {CodedError} as `takeUp`
   */
  endWhole(run: string, how: RunEnd, failure: Failure): Promise<string>;
  /**
   * Ends, as `expired`, the runs with a question whose time is over. `tell` comes before each end, and
   * again where a kill came between. @returns the runs, those that are no part of another
   */
  expire(tell: (record: RunRecord) => Promise<void>): Promise<readonly string[]>;
  /** Whether runs were looked over an hour ago or more; if so, they count as looked over now. */
  isLookDue(): Promise<boolean>;
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

  const list = () => listRuns(ports);
  const listOpen = () => listOpenRuns(ports);

  async function rootOf(id: string): Promise<string> {
    const { run, record } = await findListed(id, ports);
    if (record?.opening.parent === undefined) return run;
    return ancestorsOf(record, await list()).at(-1)?.run ?? run;
  }

  async function takeUp(id: string): Promise<Run> {
    const file = await findRunFile(id, files);
    const held = await openPatiently(file.name, ports);
    if (!held) throw busy(file.run);
    try {
      const read = await readRun(file, ports);
      const sound = soundRecord(file.run, read);
      if (sound.ended) throw over(file.run, sound.ended.how);
      if (ports.audit) await restoreAudit(sound, ports.audit, ports.redactor);
      return await takeUpRun({ ...read, record: sound }, held, ports);
    } catch (error) {
      held.close();
      throw error;
    }
  }

  const means = { takeUp, list, listOpen, clock };
  return {
    open: (opening) => beginRun(opening, opening.turn, ports),
    openPart: (opening) => openPart(opening, takeUp, ports),
    list,
    listOpen,
    find: (id) => findListed(id, ports),
    takeUp,
    rootOf,
    async endWhole(id, how, failure) {
      return await endWhole(await rootOf(id), { how, failure }, means);
    },
    expire: (tell) => endExpired(tell, means),
    isLookDue: () => isDue("looked", HOUR_MS, ports),
    async answer(question, reply, by) {
      const isAsking = ({ record }: ListedRun) =>
        record?.questions.some((one) => one.question === question) ?? false;
      // one that has ended is looked for to say so
      const asking = (await listOpen()).find(isAsking) ?? (await list()).find(isAsking);
      if (!asking) throw closed(`There is no question "${question}".`);
      // a part ends with what it is a part of
      if (asking.record?.ended) throw closed(`The run of the question "${question}" has ended.`);
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
    sweep: () => sweepRuns(ports),
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

const HOUR_MS = 3_600_000;
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
  const where = damagedAt === undefined ? "" : ` (line ${damagedAt.line})`;
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
