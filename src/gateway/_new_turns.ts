import type { DatabaseSync } from "node:sqlite";

/** Turns that nobody can have begun, so that nobody need look what came of them. */
export interface NewTurns {
  /** An update was kept for the first time. */
  add(update: { readonly turn: string; readonly at: number }, now: number): void;
  /** Whether a turn is new. It is asked once: then it is begun. */
  take(turn: string): boolean;
}

/**
 * What was said before this store knew anything may have been begun over another one, which was lost;
 * of what was said later it would know.
 */
export function newTurnsIn(db: DatabaseSync): NewTurns {
  const oldest = db.prepare("SELECT min(received) AS at FROM inbox").get()?.["at"];
  let since = typeof oldest === "number" ? oldest : undefined;
  const turns = new Set<string>();
  return {
    add({ turn, at }, now) {
      since ??= now;
      if (at >= since) turns.add(turn);
    },
    take: (turn) => turns.delete(turn),
  };
}
