import type { CallRecord } from "../domain/tool_call.ts";
import type { Turn } from "../domain/turn.ts";
import type { Tell } from "../domain/turn_event.ts";
import type { Run, Runs } from "../runs/runs.ts";
import { type Aside, createAside } from "./aside.ts";

/** What happened so far in a turn, over all its attempts. */
export interface TurnLog {
  readonly run: Run;
  /** The account of every call, in order. */
  readonly calls: CallRecord[];
  /** What went wrong beside the answer. */
  readonly notes: readonly string[];
  readonly aside: Aside;
  /** Whether a tool brought in text of others. */
  foreign: boolean;
}

/** Begins the log of a turn. */
export function openTurnLog(
  { id, message: { conversation, origin } }: Turn,
  { runs, tell }: { readonly runs: Runs; readonly tell: Tell },
): TurnLog {
  const notes: string[] = [];
  return {
    run: runs.open({ turn: id, conversation, origin }),
    calls: [],
    notes,
    aside: createAside(notes, tell),
    foreign: false,
  };
}
