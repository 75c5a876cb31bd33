import type { Gate } from "../approvals/gate.ts";
import type { CallingProgram } from "../approvals/lease.ts";
import type { PathBase } from "../approvals/scopes.ts";
import type { Audit } from "../audit/audit.ts";
import type { Capability } from "../domain/clam.ts";
import type { Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { CallRecord, ToolCall } from "../domain/tool_call.ts";
import type { Tell } from "../domain/turn_event.ts";
import type { Clock } from "../platform/platform.ts";
import type { Attempt, CallResult } from "../runs/attempt.ts";
import type { Run } from "../runs/run.ts";
import type { ToolHost } from "../sandbox/sandbox.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { Secret } from "../secrets/secret.ts";
import type { SecretWish } from "../secrets/secret_wish.ts";
import type { CallContext, ClamOrder, Tool } from "./tool.ts";

/** The call by which a clam is used. */
export interface UsingCall {
  /** Its number. */
  readonly call: number;
  /** Its program has read text of others, so its arguments may hold some. */
  readonly foreign: boolean;
}

/** How the use of a clam came out. */
export interface UsedClam {
  readonly result: CallResult;
  /** What its program did. */
  readonly calls: readonly CallRecord[];
  /** Its result may hold text of others. */
  readonly foreign: boolean;
  /** A question of it is open: it goes on when that is answered. */
  readonly waits: boolean;
}

/** Uses a kept clam, as a part of the run. */
export type UseClam = (
  order: ClamOrder,
  using: UsingCall,
  signal: AbortSignal,
) => Promise<UsedClam>;

/** What one run may do, and where its calls are written down. */
export interface RunScope {
  readonly context: CallContext;
  /** Names of the tools that the program declared. */
  readonly declaredTools: readonly string[];
  readonly capabilities: readonly Capability[];
  /** Source and inputs of the program, and what the person said: text that is not of others. */
  readonly own?: readonly string[];
  readonly attempt: Attempt;
  /** The program with its manifest, where it has one; only such a program can have a lease. */
  readonly caller?: CallingProgram;
  /** The run that the attempt belongs to, for questions that wait. */
  readonly run: Run;
  /** Inputs of the program, where others may have written in them. */
  readonly foreignInputs?: JsonObject;
  /** Absent: no clam can be used. */
  readonly useClam?: UseClam;
}

/** One run's road out. */
export interface Road {
  /** What the sandbox hands calls to. */
  readonly host: ToolHost;
  /** The account of every call so far, in the order of the calls. */
  readonly calls: readonly CallRecord[];
  /** What the calls returned; only its types are ever told to a model that writes code. */
  readonly results: readonly { readonly tool: string; readonly value: Json }[];
  /** Whether a result held text of neither the person nor the program. */
  readonly foreign: boolean;
  /** The program took another way than the one on record, or ended before the record did. */
  readonly diverged: boolean;
  /** Why a call could not be written into the audit log. A call with an effect was then not done. */
  readonly unwritten: Failure | undefined;
  /**
   * Resolves when every call has ended, those too that the program did not wait for, and is written
   * down, or could not be.
   */
  settled(): Promise<void>;
}

/** The one road by which generated code reaches the world. */
export interface Dispatch {
  open(scope: RunScope): Road;
  /** The failure of a program that calls a tool by name without having declared it. */
  undeclared(tool: string): Failure | undefined;
}

/** Means of the road. */
export interface DispatchPorts {
  readonly tools: readonly Tool[];
  readonly gate: Gate;
  readonly audit: Audit;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly tell: Tell;
  /** Where relative paths in the rules of clams start. */
  readonly base: PathBase;
  /** Milliseconds that one call may take once it is allowed. */
  readonly callMs: number;
  /** Why nothing with an effect may be done just now; looked at right before each of them. */
  findStop(): Promise<Failure | undefined>;
  /** Reserves a call in the budget, before the person is asked for it; the result says why not. */
  countCall(): Promise<Failure | undefined>;
  /** What nobody can answer now stays a question of the run, which goes on when it is answered. */
  readonly canWait?: boolean;
  /** See `Person`; `call` is what it is asked for. Absent: nobody can be asked. */
  readonly askSecret?: (wish: SecretWish, call: ToolCall, signal: AbortSignal) => Promise<Secret>;
}
