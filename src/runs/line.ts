import type { ApprovalReply, ApprovalRequest } from "../approvals/approver.ts";
import type { StandingGrant } from "../approvals/grants.ts";
import type { Capability, ClamLimits } from "../domain/clam.ts";
import type { Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Enclosed, Origin } from "../domain/message.ts";
import type { CallRecord, Effect, Resource } from "../domain/tool_call.ts";
import type { RunOutcome } from "../domain/turn.ts";
import type { SecretWish } from "../secrets/secret_wish.ts";

// What stands in a run's file: JSON lines, each with its number and a seal; see docs/runs.md.

/** What a run is for: a turn of a conversation, a kept clam or a script that was started directly. */
export type RunPurpose = "turn" | "clam" | "script";

/** What a run is begun for. Its id is that of its turn, unless it has one of its own. */
export interface Opening {
  readonly turn: string;
  readonly conversation: string;
  readonly origin: Origin;
  readonly purpose: RunPurpose;
  readonly message: {
    readonly text: string;
    /** Milliseconds since 1970. */
    readonly at: number;
    readonly pasted?: { readonly artefact: string; readonly text: string };
    readonly enclosed?: readonly Enclosed[];
    readonly spoken?: true;
  };
  /** Who asked for it, where the channel knows people. */
  readonly person?: string;
  /** Grants that came with it, such as those of the command line; they count as long as it does. */
  readonly grants?: readonly StandingGrant[];
  /** The run of whose program this one is a part. */
  readonly parent?: string;
  /** The call in it: the number of its attempt, and its own. */
  readonly place?: { readonly attempt: number; readonly call: number };
}

/** A program as it is run, and run again. */
export interface RecordedProgram {
  readonly source: string;
  /** Lower-case hex SHA-256 of the source as it ran, before anything was taken out of it. */
  readonly sha256: string;
  readonly inputs: JsonObject;
  readonly declaredTools: readonly string[];
  readonly capabilities: readonly Capability[];
  readonly limits: ClamLimits;
  readonly id?: string;
  readonly name?: string;
  readonly secrets?: readonly string[];
}

/** What a program sees of chance and time when it starts. */
export interface AttemptStart {
  /** Hex. */
  readonly seed: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Minutes, as `Date.prototype.getTimezoneOffset`. */
  readonly timezoneOffset: number;
}

/** What a program was told of a call; a large value is kept as an artefact. */
export type RecordedReply =
  | { readonly kind: "result"; readonly value: Json }
  | { readonly kind: "result"; readonly artefact: string }
  | { readonly kind: "error"; readonly failure: Failure };

/** The parts of a call that rules of a clam are counted by. */
export interface RuledPart {
  readonly tool: string;
  readonly args: JsonObject;
  readonly resources: readonly Resource[];
}

/** Where a call stands in its attempt: its number, from 1, and what the program said. */
export interface CallPlace {
  readonly call: number;
  /** Lower-case hex SHA-256 of tool and arguments as the program made them. */
  readonly print: string;
}

/** A call that will be done. */
export interface IntentLine extends CallPlace {
  readonly kind: "intent";
  readonly tool: string;
  /** The very arguments that run. */
  readonly args: JsonObject;
  /** Of tool and `args`. */
  readonly fingerprint: string;
  readonly effect: Effect;
  readonly decision: string;
  readonly scope?: string;
  /** It can be done again when nobody knows what came of it. */
  readonly repeatable: boolean;
}

/** What the program was told of a call, in the order in which it was told. */
export interface ResultLine extends CallPlace {
  readonly kind: "result";
  readonly fingerprint?: string;
  readonly reply: RecordedReply;
  /** The time that the program saw with it, in milliseconds since 1970. */
  readonly now: number;
  readonly record: CallRecord;
  /** The result may hold text of others. */
  readonly foreign: boolean;
  readonly ruled?: RuledPart;
  /** It was done, and its result stands for it when a later attempt makes the same call. */
  readonly happened: boolean;
}

/** Who answered a question. */
export interface AnsweredBy {
  /** `terminal`, `cli`, or the name of a channel. */
  readonly channel: string;
  readonly person?: string;
}

/** What is asked: whether a call may be done, or for a secret that it needs. */
export type QuestionMatter =
  | { readonly kind: "call"; readonly request: ApprovalRequest }
  | { readonly kind: "secret"; readonly wish: SecretWish };

/** How a question was closed. */
export type QuestionEnd = ApprovalReply | { readonly kind: "given" } | { readonly kind: "expired" };

/** One line of a run's file. `at`: milliseconds since 1970. */
export type RunLine =
  | (Opening & { readonly kind: "opened"; readonly run: string; readonly at: number })
  | {
    readonly kind: "attempt";
    readonly program: RecordedProgram;
    readonly start: AttemptStart;
    /** What whoever runs it needs to go on with what comes after the program. */
    readonly memo: Json;
  }
  | IntentLine
  /** A call was not done after all, or changed nothing and may be tried again. */
  | { readonly kind: "undone"; readonly call: number }
  | ResultLine
  | {
    readonly kind: "asked";
    readonly question: string;
    readonly call: number;
    readonly fingerprint: string;
    readonly matter: QuestionMatter;
    readonly at: number;
    readonly expiresAt: number;
  }
  | {
    readonly kind: "answered";
    readonly question: string;
    readonly reply: QuestionEnd;
    readonly by: AnsweredBy;
    readonly at: number;
  }
  /** How the program of the attempt ended. */
  | { readonly kind: "outcome"; readonly outcome: RunOutcome }
  /** An unfinished line stood here when a process went on with the file. */
  | { readonly kind: "torn"; readonly bytes: number }
  | {
    readonly kind: "ended";
    readonly how: RunEnd;
    readonly failure?: Failure;
    readonly at: number;
  };

/** How a run ended for good. */
export type RunEnd = "completed" | "failed" | "cancelled" | "rejected" | "expired" | "diverged";
