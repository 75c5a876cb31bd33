import type { Command } from "@commander-js/extra-typings";
import {
  findPending,
  keepReply,
  listPending,
  type PendingQuestion,
  refuseUnfit,
  refuseWhileStopped,
} from "../../../app/answer_question.ts";
import { createTerminalApprover } from "../../../channels/terminal.ts";
import { CodedError } from "../../../domain/failure.ts";
import type { JsonObject } from "../../../domain/json.ts";
import type { Answer } from "../../../domain/turn.ts";
import type { QuestionEnd } from "../../../runs/line.ts";
import type { QuestionRecord } from "../../../runs/record.ts";
import type { CliContext, End, ExitCode } from "../../context.ts";
import { askLive, readLiveAnswer } from "../../live.ts";
import { cancelOnInterrupt, leftOpen } from "../../options.ts";
import { goOnHere, tellRunAnswer } from "../../resumed_run.ts";
import { formatQuestion, questionJson } from "../../run_text.ts";
import { formatJson, withStores } from "../../stores.ts";

interface AnswerOptions {
  readonly once?: true | undefined;
  readonly all?: true | undefined;
  readonly lease?: true | undefined;
  readonly reject?: true | undefined;
  readonly turn?: string | undefined;
  readonly always?: string | undefined;
  readonly json?: true | undefined;
}

/** `approvals pending` and `approvals answer`: questions of runs that wait. */
export function registerQuestions(approvals: Command, context: CliContext, end: End): void {
  const print = (text: string) => context.terminal.out(text);
  approvals.command("pending")
    .description("List the questions that wait for an answer")
    .option("--json", "print a JSON array")
    .action(({ json }) =>
      withStores(context, end, async (stores) => {
        const all = await listPending(stores);
        if (json) {
          return print(
            formatJson(all.map(({ run, question }) => ({ run, ...questionJson(question) }))),
          );
        }
        if (all.length === 0) return print("No question waits.\n");
        const zone = stores.clock.zone();
        print(all.map(({ question }) => `${formatQuestion(question, zone)}\n`).join(""));
      })
    );
  approvals.command("answer")
    .description("Answer a question, and go on with its run; at a terminal it is shown first")
    .argument("<question>", "as `approvals pending` shows it, or the beginning of it")
    .option("--once", "allow this call")
    .option("--turn <scope>", "allow what this offered scope covers, for this run")
    .option("--always <scope>", "allow what this offered scope covers, for good")
    .option("--all", "allow each call of the list that it shows, once")
    .option("--lease", "allow its program as a whole, where that is offered")
    .option("--reject", "end the run")
    .option("--json", "print one JSON object")
    .action(async (id, options) => end(await answer(id, options, context)));
}

async function answer(
  id: string,
  options: AnswerOptions,
  context: CliContext,
): Promise<ExitCode> {
  const reply = readReply(options);
  const { openStores } = await import("../../../app/stores.ts");
  const stores = openStores(context);
  let run: string;
  try {
    const pending = await findPending(id, stores);
    run = pending.run;
    if (reply) refuseUnfit(reply, pending);
    else if (pending.question.matter.kind === "call" && !context.terminal.interactive) {
      throw new CodedError(
        "usage",
        "Nothing says how to answer.",
        "Add --once, --turn SCOPE, --always SCOPE or --reject.",
      );
    }
    if (reply?.kind !== "reject") await refuseWhileStopped(stores);
    const live = await answerLive(pending, reply, context);
    if (live) return tellRunAnswer(live, run, options, { ...context, clock: stores.clock });
    if (reply) await keepReply(pending, reply, { channel: "cli" }, stores);
  } finally {
    stores.library.close();
  }
  return await goOnHere(run, options, context);
}

/**
 * Has the gateway keep the answer and go on with the run; `undefined`: there is none, or it is about
 * a secret, whose value is asked for here.
 */
async function answerLive(
  { question }: PendingQuestion,
  typed: QuestionEnd | undefined,
  context: CliContext,
): Promise<Answer | undefined> {
  const asking = async (): Promise<JsonObject | undefined> => {
    const reply = typed ?? await askHere(question, context);
    return reply && { question: question.question, reply: { ...reply } };
  };
  const live = await askLive(context, "approvals.answer", asking);
  return live && readLiveAnswer(live.value);
}

async function askHere(
  { matter }: QuestionRecord,
  context: CliContext,
): Promise<QuestionEnd | undefined> {
  if (matter.kind !== "call" || !context.redactor) return undefined;
  const { signal, release } = cancelOnInterrupt(context);
  try {
    const request = context.redactor.clean(matter.request);
    const reply = await createTerminalApprover(context.terminal).ask(request, signal);
    if (signal.aborted) throw leftOpen();
    // who wants to be asked one by one is asked here
    return reply.kind === "singly" || reply.kind === "unavailable" ? undefined : reply;
  } finally {
    release();
  }
}

function readReply(
  { once, all, lease, reject, turn, always }: AnswerOptions,
): QuestionEnd | undefined {
  const replies: QuestionEnd[] = [
    ...(once ? [{ kind: "once" } as const] : []),
    ...(all ? [{ kind: "all" } as const] : []),
    ...(lease ? [{ kind: "lease" } as const] : []),
    ...(reject ? [{ kind: "reject" } as const] : []),
    ...(turn === undefined ? [] : [{ kind: "turn", scope: turn } as const]),
    ...(always === undefined ? [] : [{ kind: "always", scope: always } as const]),
  ];
  if (replies.length > 1) throw new CodedError("usage", "A question has one answer.");
  return replies[0];
}
