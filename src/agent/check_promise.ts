import type { Failure } from "../domain/failure.ts";
import type { Turn } from "../domain/turn.ts";
import type { Chatted } from "./chat.ts";
import type { AgentPorts } from "./ports.ts";
import { mayPromise } from "./promises.ts";

/** What becomes of words that were said without any program. */
export type CheckedWords =
  | { readonly kind: "said"; readonly reply: string }
  /** They promised a deed: a program has to do it. */
  | { readonly kind: "program" }
  | { readonly kind: "failed"; readonly failure: Failure };

/**
 * Looks whether an answer in words promises or claims what nobody did. Words that cannot be taken
 * for that pass as they are; the others are judged once, with the fact that nothing was called in
 * sight. Where nobody can judge them, they are told with that fact.
 */
export async function checkPromise(
  { reply, foreign }: Chatted,
  turn: Turn,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<CheckedWords> {
  if (!ports.models || !mayPromise(reply)) return { kind: "said", reply };
  // who may only talk, and an answer out of others' text, get no program
  const mayWrite = !ports.chatsOnly && !foreign;
  const { judgeWords } = await import("./judge.ts");
  const verdict = await judgeWords(reply, turn, { ...ports, models: ports.models }, signal);
  switch (verdict?.decision) {
    case "accept":
      return { kind: "said", reply };
    case "fix":
      return mayWrite ? { kind: "program" } : { kind: "failed", failure: notDone(undefined) };
    case "reject":
      return { kind: "failed", failure: notDone(verdict.reply?.trim()) };
    default:
      return { kind: "said", reply: `${reply}\n\n(Nothing was done: these are words alone.)` };
  }
}

function notDone(why: string | undefined): Failure {
  return {
    code: "not_possible",
    message: why || "This was not done: nothing here was called for it.",
    hint: "See clambot status for the tools that are switched on.",
  };
}
