import type { Quirks } from "../catalog.ts";
import type { ProviderError } from "../provider.ts";

/** What a server is known to understand; it only ever shrinks. */
export interface Dialect {
  readonly structured: Quirks["structured"];
  readonly tokensField: Quirks["tokensField"];
  readonly streamsStructured: boolean;
  readonly temperature: boolean;
  readonly streamOptions: boolean;
  /** The provider's own additions. */
  readonly additions: boolean;
}

/**
 * Models of OpenAI that think refuse a temperature other than their own (API reference,
 * chat/create: "Unsupported value: 'temperature'").
 */
const NO_TEMPERATURE = /^(?:o\d|gpt-(?:[5-9]|\d\d))/;

/** What a provider's model is taken to understand before it has been asked. */
export function firstDialect(quirks: Quirks, provider: string, model: string): Dialect {
  return {
    structured: quirks.structured,
    tokensField: quirks.tokensField,
    streamsStructured: quirks.streamsStructured,
    temperature: !(provider === "openai" && NO_TEMPERATURE.test(model)),
    streamOptions: true,
    additions: true,
  };
}

/**
 * What to leave out after a refusal that names a field of the request; `undefined` when the
 * refusal is about something else, or there is nothing left to leave out.
 */
export function simplerDialect(dialect: Dialect, error: ProviderError): Dialect | undefined {
  if (error.status !== 400 && error.status !== 422) return undefined;
  const said = error.detail;
  if (/stream_options/i.test(said)) {
    return dialect.streamOptions ? { ...dialect, streamOptions: false } : undefined;
  }
  if (/stream/i.test(said) && dialect.streamsStructured) {
    return { ...dialect, streamsStructured: false };
  }
  if (NO_OBJECT.test(said)) {
    const structured = SIMPLER[dialect.structured];
    return structured && { ...dialect, structured };
  }
  if (/max_(?:completion_)?tokens/i.test(said) && dialect.tokensField === "max_tokens") {
    return { ...dialect, tokensField: "max_completion_tokens" };
  }
  if (/temperature/i.test(said)) {
    return dialect.temperature ? { ...dialect, temperature: false } : undefined;
  }
  if (/reasoning|thinking|usage|unknown (?:field|param)|unrecognized|extra inputs/i.test(said)) {
    return dialect.additions ? { ...dialect, additions: false } : undefined;
  }
  return undefined;
}

/** Also said of a model that could not keep to the form (Groq: "Failed to generate JSON"). */
const NO_OBJECT =
  /response_format|json_schema|json_object|json mode|structured|schema|(?:generate|validate) json/i;

const SIMPLER: Readonly<Record<Quirks["structured"], Quirks["structured"] | undefined>> = {
  json_schema: "json_object",
  json_object: "prompt",
  prompt: undefined,
};
