import type { Price } from "./provider.ts";
import { type ProviderName, PROVIDERS } from "./catalog.ts";

/** What is known about a model beside its name. */
interface KnownModel {
  /** Tokens of prompt and answer together. */
  readonly window: number;
  readonly price: Price;
  /** Another price for prompts above this many tokens. */
  readonly long?: { readonly above: number; readonly price: Price };
}

/**
 * Windows and list prices of models, early November 2026, from the price pages of Anthropic,
 * OpenAI, Google, DeepSeek (hours of high demand) and Groq. Keys are {@linkcode familyOf} names.
 * Prices change; `agents.models.<name>.price` in the configuration wins over this table.
 */
const KNOWN: Readonly<Record<string, KnownModel>> = {
  "claude-opus-5-5": { window: 1_000_000, price: claude(4, 20) },
  "claude-sonnet-5-5": {
    window: 1_000_000,
    price: { ...claude(2, 10), cachedInputPerMillion: 0.1 },
  },
  "claude-haiku-5-5": {
    window: 1_000_000,
    price: claude(0.1, 0.5),
    long: { above: 100_000, price: claude(0.5, 2.5) },
  },
  "claude-haiku-4-5": { window: 200_000, price: claude(1, 5) },
  "gpt-6-1-sol": {
    window: 1_050_000,
    price: cached(2, 10, 0.2),
    long: { above: 272_000, price: cached(4, 15, 0.4) },
  },
  "gpt-6-1-terra": { window: 1_050_000, price: cached(1, 5, 0.1) },
  "gpt-6-luna": { window: 1_050_000, price: cached(0.1, 0.5, 0.01) },
  "gpt-oss-120b": { window: 131_072, price: cached(0.15, 0.6) },
  "gpt-oss-20b": { window: 131_072, price: cached(0.075, 0.3) },
  "gemini-3-8-flash": { window: 1_000_000, price: cached(0.75, 3.75, 0.075) },
  "gemini-3-5-flash-lite": { window: 1_000_000, price: cached(0.3, 2.5, 0.03) },
  "deepseek-flash": { window: 1_000_000, price: cached(0.3, 1.2, 0.006) },
  "deepseek-v4-1-flash": { window: 1_000_000, price: cached(0.3, 1.2, 0.006) },
};

/** The window of a model about which nothing is known. */
const UNKNOWN_WINDOW = 100_000;

const FREE: Price = { inputPerMillion: 0, outputPerMillion: 0 };

/** The person's own word on a model: `agents.models.<name>` of the configuration. */
export interface ModelNotes {
  readonly maxContextSize?: number | undefined;
  readonly price: {
    readonly inputPerMillion?: number | undefined;
    readonly outputPerMillion?: number | undefined;
  };
}

/** Notes by model name, with or without the provider in front. */
export type NotesByModel = Readonly<Record<string, ModelNotes>>;

/** Tokens that prompt and answer may have together. */
export function contextWindow(provider: ProviderName, model: string, notes: NotesByModel): number {
  return notesOn(provider, model, notes)?.maxContextSize ??
    KNOWN[familyOf(model)]?.window ?? PROVIDERS[provider].usualWindow ?? UNKNOWN_WINDOW;
}

/**
 * What a model costs for a prompt of so many tokens; `undefined` when nobody knows. Models on the
 * person's own machine, and those that a subscription covers, cost nothing.
 */
export function findPrice(
  provider: ProviderName,
  model: string,
  inputTokens: number,
  notes: NotesByModel,
): Price | undefined {
  const { inputPerMillion, outputPerMillion } = notesOn(provider, model, notes)?.price ?? {};
  if (inputPerMillion !== undefined && outputPerMillion !== undefined) {
    return { inputPerMillion, outputPerMillion };
  }
  const { prices, freeModels } = PROVIDERS[provider];
  if (prices === "free" || freeModels?.test(model)) return FREE;
  const known = prices === "unknown" ? undefined : KNOWN[familyOf(model)];
  return known?.long && inputTokens > known.long.above ? known.long.price : known?.price;
}

/** Tokens of one answer, by what they cost. */
export interface TokenCount {
  /** All tokens of the prompt. */
  readonly input: number;
  /** Those among them that came from the provider's cache. */
  readonly cachedInput: number;
  /** Those among them that went into it. */
  readonly cacheWrite: number;
  readonly output: number;
}

/** US dollars; `undefined` when the price is. */
export function costOf(tokens: TokenCount, price: Price | undefined): number | undefined {
  if (!price) return undefined;
  const plain = Math.max(0, tokens.input - tokens.cachedInput - tokens.cacheWrite);
  const sum = plain * price.inputPerMillion +
    tokens.cachedInput * (price.cachedInputPerMillion ?? price.inputPerMillion) +
    tokens.cacheWrite * (price.cacheWritePerMillion ?? price.inputPerMillion) +
    tokens.output * price.outputPerMillion;
  return sum / 1_000_000;
}

/** A model's name as its price knows it: without vendor, date and variant. */
export function familyOf(model: string): string {
  return model.toLowerCase().replace(/^.*\//, "").replace(/:.*$/, "")
    .replaceAll(".", "-").replace(/-(?:latest|20\d{6}|20\d\d-\d\d-\d\d)$/, "");
}

function notesOn(provider: string, model: string, notes: NotesByModel): ModelNotes | undefined {
  const name = [`${provider}/${model}`, `${provider.replaceAll("_", "-")}/${model}`, model]
    .find((one) => Object.hasOwn(notes, one));
  return name === undefined ? undefined : notes[name];
}

/** Anthropic's rule: reading the cache costs a tenth, writing it a quarter more. */
function claude(inputPerMillion: number, outputPerMillion: number): Price {
  return {
    inputPerMillion,
    outputPerMillion,
    cachedInputPerMillion: inputPerMillion / 10,
    cacheWritePerMillion: inputPerMillion * 1.25,
  };
}

function cached(inputPerMillion: number, outputPerMillion: number, read?: number): Price {
  return {
    inputPerMillion,
    outputPerMillion,
    ...(read === undefined ? {} : { cachedInputPerMillion: read }),
  };
}
