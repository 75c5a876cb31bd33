import type { ClamId } from "./clam.ts";
import type { Failure } from "./failure.ts";
import type { InboundMessage } from "./message.ts";
import type { Json } from "./json.ts";
import type { CallRecord } from "./tool_call.ts";

/** One request on its way to one answer. */
export interface Turn {
  readonly id: string;
  readonly message: InboundMessage;
}

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

/** How a turn ended for the person. The names are those of `--json`. */
export type AnswerStatus = "completed" | "chat" | "failed" | "needs_person";

/** What the models of a turn used, as far as they answered. */
export interface TurnUsage {
  /** Tokens of the prompts, the cached ones among them. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  /** US dollars; `null` when the price of a model is unknown. */
  readonly costUsd: number | null;
}

/** The answer, with the account of what was really done. */
export interface Answer {
  readonly status: AnswerStatus;
  /** What the person reads. */
  readonly reply: string;
  /** What programs get. */
  readonly value?: Json;
  readonly clam?: ClamId;
  /** The reply was made from text that neither the person nor the program wrote. */
  readonly foreign: boolean;
  /** The turn's id, where it was one. */
  readonly turn?: string;
  /** Requests to models. */
  readonly modelCalls: number;
  readonly usage?: TurnUsage;
  readonly failure?: Failure;
  /**
   * The run goes on when this question is answered, until `expiresAt` (milliseconds since 1970); its
   * answer comes later.
   */
  readonly waits?: {
    readonly run: string;
    readonly question: string;
    readonly expiresAt: number;
  };
  /** What of it is worth telling, where nobody asked just now; `null`: nothing is. */
  readonly report?: string | null;
  readonly calls: readonly CallRecord[];
  readonly durationMs: number;
  /** What went wrong beside the answer, such as bookkeeping on a full disk; a sentence each. */
  readonly notes?: readonly string[];
}
