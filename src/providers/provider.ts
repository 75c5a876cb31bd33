import { CodedError, type FailureCode } from "../domain/failure.ts";
import type { Redacted } from "../domain/redacted.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Picture } from "../domain/picture.ts";

/** One message of a prompt. */
export interface PromptMessage {
  readonly role: "system" | "user" | "assistant";
  readonly text: string;
  /** Pictures that belong to the words of a `user`. */
  readonly images?: readonly Picture[];
}

/** Names of the structured calls on the wire; see docs/models.md. */
export type ContractName =
  | "selection"
  | "clam"
  | "verdict"
  | "facts"
  | "summary"
  | "report"
  | "answer";

/** The one object that an answer must be. */
export interface PromptSchema {
  /** Travels on the wire. */
  readonly name: ContractName;
  /** JSON Schema of the object. */
  readonly json: JsonObject;
}

/** What a language model is asked. */
export interface Prompt {
  readonly messages: readonly PromptMessage[];
  /** Tokens of the answer at most. */
  readonly maxTokens: number;
  readonly temperature?: number;
  /** Ask for one JSON object of this schema; its name travels on the wire. */
  readonly schema?: PromptSchema;
  /** The asker sees to answers without the wanted object itself: they come back as they are. */
  readonly asTold?: true;
  /** Called with each piece of text as it arrives (text answers only). */
  readonly onText?: (piece: string) => void;
  /** Asked before every request that is sent for this prompt, repairs and retries included. */
  readonly meter?: CallMeter;
}

/** Tokens and cost of one call. */
export interface Usage {
  /** Tokens of the prompt, the cached ones among them. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  /** US dollars; `undefined` when the price is unknown. */
  readonly costUsd: number | undefined;
}

/** US dollars for a million tokens. */
export interface Price {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
  /** Prompt tokens that the provider had kept; those of `inputPerMillion` when absent. */
  readonly cachedInputPerMillion?: number;
  /** Prompt tokens that the provider is told to keep; those of `inputPerMillion` when absent. */
  readonly cacheWritePerMillion?: number;
}

/** A request that is about to be sent, with the most that it can use. */
export interface PlannedCall {
  /** `provider/model`. */
  readonly model: string;
  /** An estimate on the high side. */
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
  readonly price: Price | undefined;
}

/** How a request ended. Without `usage` nobody knows what it used; all zero: it was turned down. */
export interface CallEnd {
  readonly outcome: "ok" | FailureCode;
  readonly usage?: Usage;
}

/**
 * Counts requests. Throwing stops the request before it is sent; the function that it resolves to
 * is called once, when the request has ended in whatever way.
 */
export type CallMeter = (call: PlannedCall) => Promise<(end: CallEnd) => Promise<void>>;

/** A whole answer. Errors are thrown, never returned as text. */
export interface Completion {
  readonly text: string;
  /** The parsed object, when a schema was asked for and the text holds one. */
  readonly object?: Json;
  /** The answer was cut off at `maxTokens`. */
  readonly truncated?: true;
  /** Of all requests that were needed together. */
  readonly usage: Usage;
  /** `provider/model` that answered, the fallback included. */
  readonly model: string;
}

/** A model that can be asked. */
export interface LanguageModel {
  /** `provider/model`. */
  readonly name: string;
  /** Tokens that prompt and answer may have together. */
  readonly contextTokens: number;
  /**
   * @throws {ProviderError} typed, with a sentence that is safe to show
   * @throws the signal's reason when it is aborted, and whatever `prompt.meter` throws
   */
  complete(prompt: Prompt, signal: AbortSignal): Promise<Completion>;
}

/** A prompt in which no known secret stands. */
export interface RedactedPrompt extends Omit<Prompt, "messages"> {
  readonly messages: readonly (PromptMessage & { readonly text: Redacted })[];
}

/** A model behind a provider: what goes out to it must be redacted. */
export interface ProvidedModel extends Omit<LanguageModel, "complete"> {
  /** See {@linkcode LanguageModel.complete}. */
  complete(prompt: RedactedPrompt, signal: AbortSignal): Promise<Completion>;
}

/** Everything that a provider can answer with instead of an answer. */
export type ProviderErrorCode = Extract<
  FailureCode,
  | "provider_auth"
  | "provider_quota"
  | "provider_rate"
  | "provider_timeout"
  | "provider_refused"
  | "provider_broken"
  | "provider_unreachable"
  | "context_too_long"
  | "model_unknown"
>;

/** What is known about a failure beside its sentence. */
export interface ProviderErrorOptions extends ErrorOptions {
  readonly hint?: string;
  /** Trying the same again can help. */
  readonly retryable?: boolean;
  /** Milliseconds that the provider asked to wait. */
  readonly retryAfterMs?: number | undefined;
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** What the provider said, without keys and shortened. For programs and logs. */
  readonly detail?: string;
}

/** A failure of a provider that knows whether trying again can help. Holds no key. */
export class ProviderError extends CodedError {
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;
  readonly detail: string;

  constructor(code: ProviderErrorCode, message: string, options: ProviderErrorOptions = {}) {
    super(code, message, options.hint, options);
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status;
    this.detail = options.detail ?? "";
  }
}
