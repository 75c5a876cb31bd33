import { CodedError } from "../domain/failure.ts";
import type { Tell } from "../domain/turn_event.ts";

/**
 * Does what follows an answer and must not fail it. What goes wrong becomes a note for the person
 * that begins with `trouble`, a sentence's beginning; the result is `undefined` then.
 */
export type Aside = <T>(trouble: string, work: () => Promise<T>) => Promise<T | undefined>;

/** What goes on beside the answer, so that nobody waits for it before the answer is kept. */
export interface Meanwhile {
  /** Begins it; what goes wrong becomes a note, as with {@linkcode Aside}. */
  begin(trouble: string, work: () => Promise<unknown>): void;
  /** Resolves to the notes when all of it has ended. */
  settled(): Promise<readonly string[]>;
}

/** Builds it for one turn. */
export function createMeanwhile(tell: Tell): Meanwhile {
  const notes: string[] = [];
  const aside = createAside(notes, tell);
  const underWay: Promise<unknown>[] = [];
  return {
    begin: (trouble, work) => void underWay.push(aside(trouble, work)),
    async settled() {
      await Promise.all(underWay);
      return notes;
    },
  };
}

/** Builds it over the notes of a turn. */
export function createAside(notes: string[], tell: Tell): Aside {
  return async (trouble, work) => {
    try {
      return await work();
    } catch (error) {
      const note = `${trouble}: ${reasonOf(error)}`;
      notes.push(note);
      tell({ kind: "note", note });
      return undefined;
    }
  };
}

/** Only coded sentences are known to be fit for a person. */
function reasonOf(error: unknown): string {
  if (error instanceof CodedError) return error.message;
  return `ClamBot failed (${error instanceof Error ? error.name : typeof error}).`;
}
