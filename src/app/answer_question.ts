import type { ApprovalRequest } from "../approvals/approver.ts";
import { CodedError } from "../domain/failure.ts";
import type { AnsweredBy, QuestionEnd } from "../runs/line.ts";
import { openQuestions, type QuestionRecord } from "../runs/record.ts";
import type { ListedRun } from "../runs/runs.ts";
import { findStop } from "../runs/stop_mark.ts";
import { expireRuns } from "./expired_runs.ts";
import type { Stores } from "./stores.ts";

/** An open question with its run. */
export interface PendingQuestion {
  readonly run: string;
  readonly question: QuestionRecord;
}

/** Every open question, with its run. */
export async function listPending(stores: Stores): Promise<PendingQuestion[]> {
  await expireRuns(stores);
  return (await stores.runs.listOpen()).flatMap(pendingOf);
}

function pendingOf({ run, record }: ListedRun): PendingQuestion[] {
  return record ? openQuestions(record).map((question) => ({ run, question })) : [];
}

/**
 * An open question by its id or the beginning of it.
 * @throws {CodedError} `question_closed`
 */
export async function findPending(id: string, stores: Stores): Promise<PendingQuestion> {
  const all = await listPending(stores);
  const fitting = all.filter(({ question }) => question.question.startsWith(id));
  const [found] = fitting;
  if (found && fitting.length === 1 && id !== "") return found;
  throw new CodedError(
    "question_closed",
    fitting.length > 1
      ? `Several questions begin with "${id}".`
      : `There is no open question "${id}": it was answered, its time or its run is over, or there was none.`,
    "See clambot approvals pending.",
  );
}

/**
 * Answers a question; its run goes on when it is taken up again. While everything is stopped only a
 * no is kept: a run that went on would end by the stop, and the yes would be lost with it.
 * @throws {CodedError} `question_closed`, or `stopped`: the question stays open
 */
export async function keepReply(
  { run, question }: PendingQuestion,
  reply: QuestionEnd,
  by: AnsweredBy,
  { runs, audit, redactor, state, clock }: Stores,
): Promise<void> {
  if (reply.kind !== "reject") await refuseWhileStopped({ state, clock });
  await runs.answer(question.question, reply, by);
  const told = { run, question: question.question, answer: reply.kind, by: answererOf(by) };
  await audit.record("question_answered", redactor.clean(told));
}

/** @throws {CodedError} `stopped`: what would go on now would only be ended */
export async function refuseWhileStopped(
  { state, clock }: Pick<Stores, "state" | "clock">,
): Promise<void> {
  const stop = await findStop(state, clock);
  if (!stop) return;
  const hint = "The question stays open: first clambot resume. --reject is taken now too.";
  throw new CodedError(stop.code, stop.message, hint);
}

/** @throws {CodedError} `usage` for an answer that the question does not offer */
export function refuseUnfit(reply: QuestionEnd, { question: { matter } }: PendingQuestion): void {
  if (matter.kind === "call") return refuseUnoffered(reply, matter.request);
  if (reply.kind === "reject") return;
  const { name } = matter.wish;
  const message = `This question wants the secret "${name}", which is not said here.`;
  throw new CodedError("usage", message, `Keep it: clambot secrets set ${name} --host HOST`);
}

function answererOf({ channel, person }: AnsweredBy): string {
  return person === undefined ? channel : `${channel} ${person}`;
}

function refuseUnoffered(reply: QuestionEnd, request: ApprovalRequest): void {
  if (reply.kind === "all" && !request.similar) {
    throw new CodedError("usage", "This question is about one call, not a list.", "Say --once.");
  }
  if (reply.kind === "lease" && !request.lease) {
    throw new CodedError("usage", "This program cannot be allowed as a whole here.");
  }
  const offers = request.offers.map(({ scope }) => scope);
  if (reply.kind !== "turn" && reply.kind !== "always") return;
  if (offers.includes(reply.scope)) return;
  const list = offers.length > 0 ? `Offered are: ${offers.join(", ")}.` : "None is offered here.";
  throw new CodedError("usage", `The scope "${reply.scope}" is not offered. ${list}`);
}
