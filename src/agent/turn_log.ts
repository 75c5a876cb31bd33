import type { CallRecord } from "../domain/tool_call.ts";
import type { Tell } from "../domain/turn_event.ts";
import { type Aside, createAside } from "./aside.ts";

/** What happened so far in a turn, over all its attempts. */
export interface TurnLog {
  /** The account of every call, in order. */
  readonly calls: CallRecord[];
  /** What went wrong beside the answer. */
  readonly notes: readonly string[];
  readonly aside: Aside;
  /** Whether a tool brought in text of others. */
  foreign: boolean;
}

/** Begins the log of a turn. */
export function openTurnLog({ tell }: { readonly tell: Tell }): TurnLog {
  const notes: string[] = [];
  return {
    calls: [],
    notes,
    aside: createAside(notes, tell),
    foreign: false,
  };
}
