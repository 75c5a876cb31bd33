import type { Failure } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import type { AttemptStart, CallPlace, IntentLine, ResultLine } from "./line.ts";

/** How a call that was done came out. */
export type CallResult =
  | { readonly kind: "result"; readonly value: Json }
  | { readonly kind: "error"; readonly failure: Failure };

/** What is known of a call that a program wants to make, from attempts before this one. */
export type Recalled =
  | { readonly kind: "new" }
  | { readonly kind: "done"; readonly result: CallResult; readonly foreign?: true }
  /** It was begun, and nobody knows what came of it. */
  | { readonly kind: "in_doubt" };

/** What is known of the call in one place of this very attempt. */
export type FoundCall =
  | { readonly kind: "new" }
  /** What the program was told; to be told again as it is. */
  | { readonly kind: "told"; readonly line: ResultLine; readonly result: CallResult }
  | { readonly kind: "in_doubt" }
  /** The program took another way than the one on record. */
  | { readonly kind: "diverged" };

/** What a program is going to be told of a call. */
export type Telling = Omit<ResultLine, "kind" | "reply"> & {
  readonly result: CallResult;
  /** It must be on the disk itself before the program may go on. */
  readonly durable: boolean;
};

/**
 * One program of a run. One that another process began goes the same way again: its calls are
 * answered from the record, in the order in which they were, until the record ends.
 */
export interface Attempt {
  readonly start: AttemptStart;
  /**
   * What the record has in the place of a call. Resolves when it is this call's turn to be told; a
   * call of which nothing was told waits until all that was told has been.
   */
  find(place: CallPlace): Promise<FoundCall>;
  /**
   * What earlier attempts know of the next call with this fingerprint: lower-case hex SHA-256 of tool
   * and arguments. The second equal call is answered by the second one recorded.
   */
  recall(fingerprint: string): Recalled;
  /**
   * Puts on record that a call will be done; resolves before anything may be.
   * @throws {CodedError} when it cannot be written, or the run's file is full: nothing may be done
   */
  intend(intent: Omit<IntentLine, "kind">): Promise<Intent>;
  /**
   * Puts on record what a program is told. Resolves when it may be: it is written, `also` has settled,
   * and everything that was put on record before has been told.
   */
  tell(telling: Telling, also: Promise<unknown>): Promise<void>;
  /** Everything on record has been told again; false in a program that ended before that. */
  readonly isCaughtUp: boolean;
}

/** A call that is on record. Exactly one of these ends it; without an end it stays in doubt. */
export interface Intent {
  /** It was done, and this came of it; `foreign`: with text of others in it. The record gets it with what the program is told. */
  done(result: CallResult, foreign?: boolean): void;
  /** It was not done after all, or changed nothing and may be tried again. */
  undone(): Promise<void>;
}
