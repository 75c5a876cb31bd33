import type { Approved } from "../approvals/gate.ts";
import type { Preview } from "../approvals/approver.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Effect, Resource } from "../domain/tool_call.ts";
import type { LanguageModel } from "../providers/provider.ts";
import type { Secret } from "../secrets/secret.ts";
import type { SecretWish } from "../secrets/secret_wish.ts";
import type { AskingProgram } from "../secrets/tool_secrets.ts";

/** Who calls: what a tool may know about the run around it. */
export interface CallContext {
  readonly turnId: string;
  readonly conversation: string;
  /**
   * The model that tools of the turn may ask; what it costs counts to the turn.
   * @throws {CodedError} `no_model`
   */
  mainModel(): LanguageModel;
  /** A result of this run already held text of others; what is kept now must be marked. */
  readonly foreign?: boolean;
  /** Nobody is there who could be asked for a secret. */
  readonly isAlone?: boolean;
  /** The program itself. */
  readonly program?: AskingProgram;
}

/** What stands around a call that is under way: who can be asked, and other clams. The clocks of call and turn stand meanwhile. */
export interface Person {
  /**
   * Has the person give a secret that is not kept yet, unseen; it is then kept.
   * @throws {CodedError} `secret_not_available` when they give none, or nobody is there
   */
  askSecret(wish: SecretWish, signal: AbortSignal): Promise<Secret>;
  /**
   * Runs a kept clam as a part of the run, by its own rules; the result is its value.
   * @throws {CodedError} when it ended without one
   */
  useClam(order: ClamOrder, signal: AbortSignal): Promise<Json>;
}

/** A kept clam that a program wants to use. */
export interface ClamOrder {
  readonly id: string;
  readonly inputs: JsonObject;
}

/**
 * A call that has been read and understood but not done. `args` are the very arguments that will
 * run (defaults filled in, paths and addresses resolved): they are fingerprinted and shown.
 */
export interface Prepared {
  readonly args: JsonObject;
  readonly effect: Effect;
  /** Doing it twice leaves the world as doing it once does. */
  readonly idempotent?: boolean;
  readonly resource: Resource;
  /** Further things that the arguments name, such as the target of a move; all are asked for. */
  readonly also?: readonly Resource[];
  readonly preview: Preview;
  /** Milliseconds that it may take once it is allowed, where that is more than usual. */
  readonly callMs?: number;
  /**
   * Does it. Only the gate makes an {@linkcode Approved}. Resolves to plain JSON.
   * @throws {CodedError} when it cannot be done; code and message reach the program.
   */
  run(approved: Approved, signal: AbortSignal, person: Person): Promise<Json>;
}

/** Something that programs can call. Reading, asking and doing cannot be merged. */
export interface Tool {
  /** Letters, digits and underscores. */
  readonly name: string;
  /** One sentence for the model and for people. */
  readonly description: string;
  /** JSON Schema (draft-7) of the one argument, an object. */
  readonly parameters: JsonObject;
  /** JSON Schema of the result. */
  readonly returns: JsonObject;
  /**
   * Whether results can hold text that neither the person nor the program wrote (pages, files,
   * foreign programs). Such text is kept away from the model that writes code.
   */
  readonly foreign: boolean;
  /** Usage notes for the model that writes code; may be empty. */
  readonly guidance: string;
  /**
   * Reads the arguments and looks at the world without changing it. Called with anything that a
   * program may send.
   * @throws {CodedError} `tool_arguments_invalid` names the field; others as they apply.
   */
  prepare(args: JsonObject, context: CallContext, signal: AbortSignal): Promise<Prepared>;
}
