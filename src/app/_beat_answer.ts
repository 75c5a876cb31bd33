import { CodedError } from "../domain/failure.ts";
import type { Answer } from "../domain/turn.ts";
import type { HeardVoice } from "../gateway/gateway.ts";
import type { KeptUpdate } from "../gateway/store.ts";
import type { Heartbeat } from "../heartbeat/heartbeat.ts";
import type { App } from "./app.ts";

/** Entries of a task's conversation after which the older part goes to the archive. */
const MOST_ENTRIES = 60;
/** Entries that stay then. */
const KEPT_ENTRIES = 20;

/** Answers the update of a standing task with what of it is worth telling. */
export async function answerBeat(
  update: KeptUpdate,
  heartbeat: Heartbeat,
  app: App,
  signal: AbortSignal,
  answer: (mostModelCalls: number) => Promise<Answer | HeardVoice>,
): Promise<Answer | HeardVoice> {
  const { told, callsLeft } = await heartbeat.about(update.turn);
  const answered = await answer(callsLeft);
  await shorten(update.conversation, app);
  if ("heard" in answered) return answered; // nobody speaks there
  if (answered.status !== "completed" && answered.status !== "chat") return answered;
  try {
    const { turn, text: task } = update;
    const result = { task, result: answered.reply, told };
    const judged = await app.judgeReport(result, { turn, mostCalls: callsLeft }, signal);
    const modelCalls = answered.modelCalls + judged.calls;
    return { ...answered, modelCalls, report: judged.report };
  } catch (error) {
    // what nobody could judge is not told; the next tick does it again
    if (!(error instanceof CodedError)) throw error;
    return { ...answered, status: "failed", failure: error.failure };
  }
}

/** A task that is done every day has a conversation without end. */
async function shorten(conversation: string, { stores }: App): Promise<void> {
  const { sessions, redactor } = stores;
  const entries = await sessions.read(conversation);
  if (entries.length <= MOST_ENTRIES) return;
  await sessions.rewrite(conversation, entries, redactor.clean(entries.slice(-KEPT_ENTRIES)));
}
