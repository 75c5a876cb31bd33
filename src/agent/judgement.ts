import type { Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Fault } from "./fault.ts";

/** A program that ran, as it is judged. */
export interface Judged {
  readonly script: string;
  /** A kept clam speaks for itself, as far as it keeps its promise. */
  readonly kept: boolean;
  /** What it says that its value satisfies. */
  readonly resultSchema: JsonObject | undefined;
  readonly inputs: JsonObject;
  /** What it was kept for, where a model chose it for another request: it is judged once. */
  readonly chosenFor?: string;
}

/** What becomes of an outcome. */
export type Judgement =
  | {
    readonly kind: "accept";
    readonly reply: string;
    readonly value: Json | undefined;
    /** `false`: the model could not be asked, so the result is told as it is and not kept. */
    readonly checked: boolean;
  }
  | { readonly kind: "fix"; readonly fault: Fault; readonly failure: Failure }
  /** The kept clam that was chosen does something else than what was asked. */
  | { readonly kind: "misfit"; readonly failure: Failure }
  | { readonly kind: "stop"; readonly failure: Failure };
