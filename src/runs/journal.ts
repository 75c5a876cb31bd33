import type { Failure } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";

/** How a call that was done came out. */
export type CallResult =
  | { readonly kind: "result"; readonly value: Json }
  | { readonly kind: "error"; readonly failure: Failure };

/**
 * What was done in one turn, over all its attempts. Equal calls of one attempt are different
 * events: the second equal call of an attempt is answered by the second one recorded.
 */
export interface Journal {
  /** Begins a further attempt: its calls are answered from what earlier ones did. */
  beginAttempt(): Attempt;
}

/** One attempt's view of the journal. */
export interface Attempt {
  /** The recorded result for the next call of this identity, if an earlier attempt made it. */
  recall(fingerprint: string): CallResult | undefined;
  /** Writes a result down; it must be on record before the program sees it. */
  record(fingerprint: string, result: CallResult): void;
}

/** A journal in memory, for one turn. */
export function createJournal(): Journal {
  const done = new Map<string, CallResult[]>();
  return {
    beginAttempt() {
      const earlier = new Map([...done].map(([identity, results]) => [identity, [...results]]));
      return {
        recall: (fingerprint) => earlier.get(fingerprint)?.shift(),
        record(fingerprint, result) {
          done.set(fingerprint, [...done.get(fingerprint) ?? [], result]);
        },
      };
    },
  };
}
