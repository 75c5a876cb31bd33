import { createAside } from "../agent/aside.ts";
import { failureFrom } from "../agent/turn.ts";
import type { Failure } from "../domain/failure.ts";
import type { Answer } from "../domain/turn.ts";
import type { TurnEvent } from "../domain/turn_event.ts";
import type { TurnScope } from "./_turn_scope.ts";

/** Takes a turn from its first event to its last; its run ends with it, or waits for a person. */
export async function takeScoped(
  { tell, turn, end, meanwhile }: TurnScope,
  notes: readonly string[],
  work: () => Promise<Answer>,
): Promise<Answer> {
  const { conversation, origin } = turn.message;
  tell({ kind: "turn_started", turn: turn.id, conversation, origin });
  for (const note of notes) tell({ kind: "note", note });
  const answered = await work().catch((error) => unbegun(failureFrom(error), notes));
  const ended = [...await meanwhile.settled()];
  await createAside(ended, tell)("The record of this run has no end", () => end(answered));
  tell(endOf(answered));
  return ended.length > 0 ? { ...answered, notes: [...answered.notes ?? [], ...ended] } : answered;
}

function endOf({ status, modelCalls, durationMs, failure }: Answer): TurnEvent {
  const code = failure && { code: failure.code };
  return { kind: "turn_ended", status, modelCalls, durationMs, ...code };
}

/** The answer of a turn in which nothing was done yet. */
export function unbegun(failure: Failure, notes: readonly string[] = []): Answer {
  const nothing = { calls: [], modelCalls: 0, durationMs: 0, foreign: false };
  const told = notes.length > 0 ? { notes } : {};
  return { status: "failed", reply: "", failure, ...nothing, ...told };
}
