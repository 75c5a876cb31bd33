import type { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";

/** One message of a prompt. */
export interface PromptMessage {
  readonly role: "system" | "user" | "assistant";
  readonly text: string;
}

/** Names of the structured calls on the wire; see docs/models.md. */
export type ContractName = "selection" | "clam" | "verdict" | "facts" | "summary" | "answer";

/** What a language model is asked. */
export interface Prompt {
  readonly messages: readonly PromptMessage[];
  /** Tokens of the answer at most. */
  readonly maxTokens: number;
  readonly temperature?: number;
  /** Ask for one JSON object of this schema; its name travels on the wire. */
  readonly schema?: { readonly name: ContractName; readonly json: JsonObject };
  /** Called with each piece of text as it arrives (text answers only). */
  readonly onText?: (piece: string) => void;
}

/** Tokens and cost of one call. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  /** US dollars; `undefined` when the price is unknown. */
  readonly costUsd: number | undefined;
}

/** A whole answer. Errors are thrown, never returned as text. */
export interface Completion {
  readonly text: string;
  /** The parsed object, when a schema was asked for and the text holds one. */
  readonly object?: Json;
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
  /** @throws {ProviderError} typed, with a sentence that is safe to show. */
  complete(prompt: Prompt, signal: AbortSignal): Promise<Completion>;
}

/** A {@linkcode CodedError} of a provider, that knows whether trying again can help. */
export interface ProviderError extends CodedError {
  readonly retryable: boolean;
  /** Milliseconds that the provider asked to wait. */
  readonly retryAfterMs?: number;
}
