import type { Quirks } from "../provider_facts.ts";
import type { ProviderError } from "../provider.ts";

/** What a server is known to understand; it only ever shrinks. */
export interface Dialect {
  readonly structured: NonNullable<Quirks["structured"]>;
  readonly tokensField: NonNullable<Quirks["tokensField"]>;
  readonly streamsStructured: boolean;
  readonly temperature: boolean;
  readonly streamOptions: boolean;
  /** The provider's own additions. */
  readonly additions: boolean;
}

/** What a provider's model is taken to understand before it has been asked. */
export function firstDialect(quirks: Quirks, model: string): Dialect {
  const { structured = "json_schema", tokensField = "max_tokens", streamsStructured = true } =
    quirks;
  return {
    structured,
    tokensField,
    streamsStructured,
    temperature: !quirks.noTemperature?.test(model),
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

const SIMPLER: Readonly<Record<Dialect["structured"], Dialect["structured"] | undefined>> = {
  json_schema: "json_object",
  json_object: "prompt",
  prompt: undefined,
};
