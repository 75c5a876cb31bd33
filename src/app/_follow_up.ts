import { createAside } from "../agent/aside.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { TurnScope } from "./_turn_scope.ts";
import type { Learning } from "./learning.ts";
import type { Stores } from "./stores.ts";

/** Does what follows an answer. Whatever comes of it, the person gets the answer. */
export async function followUp(
  turn: Turn,
  answer: Answer,
  before: readonly string[],
  { tell, rights }: Pick<TurnScope, "tell" | "rights">,
  { stores, learning }: { readonly stores: Stores; readonly learning: Learning },
): Promise<Answer> {
  const notes = [...before, ...answer.notes ?? []];
  const aside = createAside(notes, tell);
  await aside("This answer is missing in clambot usage", () => recordTurn(turn, answer, stores));
  if (rights.memory) {
    await aside("What you told about yourself was not noted", () => learning.take(turn, answer));
  }
  return { ...answer, ...(notes.length > 0 ? { notes } : {}) };
}

/** Requests that a kept clam saves: choosing and writing. */
const SAVED_CALLS = 2;

/** Counts the turn for `clambot usage`. */
async function recordTurn(turn: Turn, answer: Answer, { ledger }: Stores): Promise<void> {
  const reused = answer.clam !== undefined && answer.modelCalls === 0;
  const { origin } = turn.message;
  await ledger.add((_recent, stamp) => ({
    ...stamp,
    kind: "turn",
    turn: turn.id,
    origin,
    reused,
    savedCalls: reused ? SAVED_CALLS : 0,
  }));
}
