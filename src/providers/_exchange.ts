import type { JsonObject } from "../domain/json.ts";
import type { Unreadable } from "./_counts.ts";
import type { TokenCount } from "./prices.ts";
import type { Prompt } from "./provider.ts";

/** What one request asks. */
export interface ProviderQuestion
  extends Pick<Prompt, "messages" | "maxTokens" | "temperature" | "schema" | "onText"> {
  /** The model has thought without answering before: ask for less of that, if there is a way. */
  readonly calm?: boolean;
  /** Called when the server shows that it keeps thoughts apart from the text. */
  readonly onThought?: () => void;
}

/** What one request brought. */
export interface Reply {
  /** What stands where the answer belongs; some servers leave thoughts in it. */
  readonly text: string;
  /** The object, where the provider hands it over apart from the text. */
  readonly object?: JsonObject | undefined;
  readonly truncated: boolean;
  /** `undefined`: the provider did not count. */
  readonly tokens: TokenCount | Unreadable | undefined;
  /** US dollars by the provider's own account; `undefined`: it tells none. */
  readonly costUsd?: number | Unreadable | undefined;
}

/**
 * One request and its answer in a provider's own language: no repetition, no repair.
 * @throws {ProviderError} and the signal's reason
 */
export type Exchange = (question: ProviderQuestion, signal: AbortSignal) => Promise<Reply>;
