import type { JsonObject } from "../domain/json.ts";

/** How one provider differs from OpenAI's Chat Completions API. */
export interface Quirks {
  /** How it is told the form of an answer; `prompt`: in words only. `json_schema` by default. */
  readonly structured?: "json_schema" | "json_object" | "prompt";
  /** The field that limits the answer, `max_tokens` by default. */
  readonly tokensField?: "max_tokens" | "max_completion_tokens";
  /** Structured answers can be streamed, unless it says no. */
  readonly streamsStructured?: boolean;
  /** Models that are sent no temperature. */
  readonly noTemperature?: RegExp;
  /** Added to every request. */
  readonly always?: JsonObject;
  /** Added when a model has spent all its tokens on thinking. */
  readonly calm?: JsonObject;
}

/**
 * One provider: where it is, how it is spoken to, what to ask it for. Plain data, read by the
 * launcher too: the file that holds it imports nothing but types.
 */
export interface ProviderFacts {
  /** Small letters and underscores. */
  readonly name: string;
  /** Another name that is understood in front of a model. */
  readonly alias?: string;
  /** The smallest is chosen when several are there; the order of all lists. */
  readonly preference: number;
  /** As people know it. */
  readonly title: string;
  readonly protocol: "openai_compatible" | "anthropic" | "openai_codex";
  /** Absent: only the configuration knows it. */
  readonly baseUrl?: string;
  /** What is added to the address, where the provider has a language of its own beside OpenAI's. */
  readonly paths?: { readonly chat: string; readonly models: string };
  /** What it takes to be asked. */
  readonly needs: "key" | "address" | "login";
  /** Environment variable that holds the key. */
  readonly keyVariable?: string;
  /** Environment variable that holds the address; the usual one is tried without it. */
  readonly addressVariable?: string;
  /** Where a person gets a key. */
  readonly keyPage?: string;
  /** It may want a key, beside what it needs. */
  readonly mayWantKey?: true;
  /** The stored login, in the directory `secrets`. */
  readonly loginFile?: string;
  /** Hosts that a login needs besides. */
  readonly loginHosts?: readonly string[];
  /** It usually runs on the person's own machine. */
  readonly usuallyHere?: true;
  /** Names of models without a provider in front are its, where it has an address. */
  readonly takesBareNames?: true;
  /** A short list for when the provider's own cannot be had; may be empty. */
  readonly models: readonly string[];
  readonly defaultModel?: string;
  /** A cheaper model that is good enough to choose how to answer. */
  readonly selectorModel?: string;
  /** Tokens of prompt and answer of a model that is not known. */
  readonly usualWindow?: number;
  /** What its models cost: as listed by their names, by default; nothing; or nobody knows. */
  readonly prices?: "free" | "unknown";
  /** Its models that cannot look at pictures, as far as that is known, by their names. */
  readonly blindModels?: RegExp;
  /** Its models that cost nothing, by their names. */
  readonly freeModels?: RegExp;
  /** What the person is told to do; each has a default. */
  readonly hints?: {
    readonly setUp?: string;
    readonly noAddress?: string;
    readonly unreachable?: string;
    readonly noModels?: string;
  };
  /** What is said of its keys of the configuration; each has a default. */
  readonly keys?: {
    readonly title?: string;
    readonly apiBase?: string;
    /** Why its key changes nothing. */
    readonly unusedKey?: string;
  };
  readonly quirks: Quirks;
}
