import type { ClamId } from "./clam.ts";
import type { Failure } from "./failure.ts";
import type { InboundMessage } from "./message.ts";
import type { Json, JsonObject } from "./json.ts";
import type { CallRecord } from "./tool_call.ts";

/** One request on its way to one answer. */
export interface Turn {
  readonly id: string;
  readonly message: InboundMessage;
}

/** How the selector means to answer. */
export type Choice =
  | { readonly kind: "reuse"; readonly clam: ClamId; readonly inputs: JsonObject }
  | { readonly kind: "chat"; readonly reply?: string }
  | { readonly kind: "generate"; readonly reason: string };

/** How a program's run ended. `console` is what it printed, apart from its value. */
export type RunOutcome =
  /** `value` is `undefined` when the program returned nothing. */
  | {
    readonly kind: "completed";
    readonly value: Json | undefined;
    readonly console: readonly string[];
  }
  | { readonly kind: "failed"; readonly failure: Failure; readonly console: readonly string[] }
  /** The host ended the run: the person said no, or nobody could be asked. */
  | { readonly kind: "ended"; readonly failure: Failure; readonly console: readonly string[] }
  | { readonly kind: "cancelled"; readonly console: readonly string[] };

/** What the analyzer thinks of an outcome. */
export type Verdict =
  | { readonly kind: "accept"; readonly reply: string }
  | { readonly kind: "fix"; readonly fix: string; readonly reason: string }
  | { readonly kind: "reject"; readonly reply: string; readonly reason: string };

/** How a turn ended for the person. The names are those of `--json`. */
export type AnswerStatus = "completed" | "chat" | "failed" | "needs_person";

/** The answer, with the account of what was really done. */
export interface Answer {
  readonly status: AnswerStatus;
  /** What the person reads. */
  readonly reply: string;
  /** What programs get. */
  readonly value?: Json;
  readonly clam?: ClamId;
  readonly modelCalls: number;
  readonly failure?: Failure;
  readonly calls: readonly CallRecord[];
  readonly durationMs: number;
}
