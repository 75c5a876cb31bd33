import type { JsonObject } from "../domain/json.ts";

/** The providers, in the order in which one is chosen when several are there. */
export const PROVIDER_NAMES = [
  "openrouter",
  "anthropic",
  "openai",
  "deepseek",
  "gemini",
  "groq",
  "ollama",
  "openai_codex",
  "custom",
] as const;

export type ProviderName = typeof PROVIDER_NAMES[number];

/** How one provider differs from OpenAI's Chat Completions API. */
export interface Quirks {
  /** How it is told the form of an answer. `prompt`: in words only. */
  readonly structured: "json_schema" | "json_object" | "prompt";
  /** The field that limits the answer. */
  readonly tokensField: "max_tokens" | "max_completion_tokens";
  /** Whether structured answers can be streamed. */
  readonly streamsStructured: boolean;
  /** Added to every request. */
  readonly always?: JsonObject;
  /** Added when a model has spent all its tokens on thinking. */
  readonly calm?: JsonObject;
}

/** One provider: where it is, how it is spoken to, what to ask it for. */
export interface ProviderEntry {
  readonly name: ProviderName;
  /** As people know it. */
  readonly title: string;
  /** Its section below `providers` in the configuration. */
  readonly section: Exclude<ProviderName, "openai_codex"> | "openaiCodex";
  readonly protocol: "openai_compatible" | "anthropic" | "openai_codex";
  /** `undefined`: only the configuration knows it. */
  readonly baseUrl: string | undefined;
  /** What it takes to be asked. */
  readonly needs: "key" | "address" | "login";
  /** Environment variable that holds the key. */
  readonly keyVariable?: string;
  /** Where a person gets a key. */
  readonly keyPage?: string;
  /** A short list for when the provider's own cannot be had; may be empty. */
  readonly models: readonly string[];
  readonly defaultModel?: string;
  /** A cheaper model that is good enough to choose how to answer. */
  readonly selectorModel?: string;
  readonly quirks: Quirks;
}

const OPENAI_QUIRKS: Quirks = {
  structured: "json_schema",
  tokensField: "max_tokens",
  streamsStructured: true,
};

/** All providers. A new one is a line here and, where no protocol fits, a folder. */
export const PROVIDERS: Readonly<Record<ProviderName, ProviderEntry>> = {
  openrouter: {
    name: "openrouter",
    title: "OpenRouter",
    section: "openrouter",
    protocol: "openai_compatible",
    baseUrl: "https://openrouter.ai/api/v1",
    needs: "key",
    keyVariable: "OPENROUTER_API_KEY",
    keyPage: "https://openrouter.ai/keys",
    models: [
      "anthropic/claude-sonnet-5.5",
      "anthropic/claude-opus-5.5",
      "anthropic/claude-haiku-5.5",
      "openai/gpt-6.1-sol",
      "openai/gpt-6.1-terra",
      "google/gemini-3.8-flash",
      "deepseek/deepseek-v4.1-flash",
    ],
    defaultModel: "anthropic/claude-sonnet-5.5",
    selectorModel: "openai/gpt-6-luna",
    // usage.include: the answer carries its price (openrouter.ai/docs, usage accounting).
    quirks: {
      ...OPENAI_QUIRKS,
      always: { usage: { include: true } },
      calm: { reasoning: { effort: "low" } },
    },
  },
  anthropic: {
    name: "anthropic",
    title: "Anthropic",
    section: "anthropic",
    protocol: "anthropic",
    baseUrl: "https://api.anthropic.com",
    needs: "key",
    keyVariable: "ANTHROPIC_API_KEY",
    keyPage: "https://platform.claude.com/settings/keys",
    models: ["claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-5-5"],
    defaultModel: "claude-sonnet-5-5",
    selectorModel: "claude-haiku-5-5",
    quirks: OPENAI_QUIRKS,
  },
  openai: {
    name: "openai",
    title: "OpenAI",
    section: "openai",
    protocol: "openai_compatible",
    baseUrl: "https://api.openai.com/v1",
    needs: "key",
    keyVariable: "OPENAI_API_KEY",
    keyPage: "https://platform.openai.com/api-keys",
    models: ["gpt-6.1-sol", "gpt-6.1-terra", "gpt-6-luna"],
    defaultModel: "gpt-6.1-sol",
    selectorModel: "gpt-6-luna",
    // Its thinking models know no other name for the limit (API reference, chat/create).
    quirks: { ...OPENAI_QUIRKS, tokensField: "max_completion_tokens" },
  },
  deepseek: {
    name: "deepseek",
    title: "DeepSeek",
    section: "deepseek",
    protocol: "openai_compatible",
    baseUrl: "https://api.deepseek.com",
    needs: "key",
    keyVariable: "DEEPSEEK_API_KEY",
    keyPage: "https://platform.deepseek.com/api_keys",
    models: ["deepseek-flash"],
    defaultModel: "deepseek-flash",
    // It knows no schemas, and thinking can be turned off (api-docs.deepseek.com).
    quirks: {
      ...OPENAI_QUIRKS,
      structured: "json_object",
      calm: { thinking: { type: "disabled" } },
    },
  },
  gemini: {
    name: "gemini",
    title: "Gemini",
    section: "gemini",
    protocol: "openai_compatible",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
    needs: "key",
    keyVariable: "GEMINI_API_KEY",
    keyPage: "https://aistudio.google.com/apikey",
    models: ["gemini-3.8-flash", "gemini-3.5-flash-lite"],
    defaultModel: "gemini-3.8-flash",
    selectorModel: "gemini-3.5-flash-lite",
    quirks: { ...OPENAI_QUIRKS, calm: { reasoning_effort: "low" } },
  },
  groq: {
    name: "groq",
    title: "Groq",
    section: "groq",
    protocol: "openai_compatible",
    baseUrl: "https://api.groq.com/openai/v1",
    needs: "key",
    keyVariable: "GROQ_API_KEY",
    keyPage: "https://console.groq.com/keys",
    models: ["openai/gpt-oss-120b", "openai/gpt-oss-20b"],
    defaultModel: "openai/gpt-oss-120b",
    selectorModel: "openai/gpt-oss-20b",
    // "Streaming is not supported with Structured Outputs" (console.groq.com/docs).
    quirks: { ...OPENAI_QUIRKS, streamsStructured: false, calm: { reasoning_effort: "low" } },
  },
  ollama: {
    name: "ollama",
    title: "Ollama",
    section: "ollama",
    protocol: "openai_compatible",
    baseUrl: "http://localhost:11434",
    needs: "address",
    models: [],
    quirks: { ...OPENAI_QUIRKS, calm: { reasoning_effort: "none" } },
  },
  openai_codex: {
    name: "openai_codex",
    title: "OpenAI Codex",
    section: "openaiCodex",
    protocol: "openai_codex",
    baseUrl: "https://chatgpt.com/backend-api/codex/responses",
    needs: "login",
    models: ["auto", "gpt-5.6-sol", "gpt-5.6-terra", "gpt-5.6-luna"],
    defaultModel: "auto",
    quirks: OPENAI_QUIRKS,
  },
  custom: {
    name: "custom",
    title: "the custom server",
    section: "custom",
    protocol: "openai_compatible",
    baseUrl: undefined,
    needs: "address",
    models: [],
    quirks: OPENAI_QUIRKS,
  },
};

/** One provider's section of the configuration. */
export interface ProviderSettings {
  readonly apiKey: string;
  readonly apiBase?: string | undefined;
  readonly extraHeaders: Readonly<Record<string, string>>;
}

/** The `providers` section of the configuration, as far as it is needed here. */
export type ProvidersSettings = Readonly<Record<ProviderEntry["section"], ProviderSettings>>;

/** Other names that are understood in front of a model. */
const ALIASES: Readonly<Record<string, ProviderName>> = { ollama_chat: "ollama" };

/** The provider of that name; `-` and `_`, small and capital letters are the same. */
export function findProvider(name: string): ProviderEntry | undefined {
  const plain = name.trim().toLowerCase().replaceAll("-", "_");
  const known = PROVIDER_NAMES.find((one) => one === plain) ?? ALIASES[plain];
  return known && PROVIDERS[known];
}

/** The address that a provider is asked at, without a slash at its end; `undefined`: none. */
export function baseUrlOf(entry: ProviderEntry, settings: ProvidersSettings): string | undefined {
  return (settings[entry.section].apiBase || entry.baseUrl)?.trim().replace(/\/+$/, "");
}

/** The stored login with ChatGPT, in the directory `secrets`. */
export const CODEX_LOGIN_FILE = "codex.json";

/** Where the login with ChatGPT happens, and where its answer comes in. */
const LOGIN_HOSTS = ["auth.openai.com", "localhost:1455", "127.0.0.1:1455"];

/** Which providers are configured, by section; read before the schema is (`config/`). */
export type ConfiguredProviders = Readonly<
  Record<string, { readonly hasKey: boolean; readonly apiBase?: string } | undefined>
>;

/**
 * The hosts that the configured providers need, as `host` or `host:port` for the permissions of
 * the core. Providers that need neither key nor address in the configuration count as configured.
 */
export function providerHosts(configured: ConfiguredProviders): string[] {
  const hosts = PROVIDER_NAMES.map((name) => PROVIDERS[name])
    .filter(({ needs, section }) => needs !== "key" || configured[section]?.hasKey)
    .flatMap(({ section, baseUrl }) => hostsAt(configured[section]?.apiBase ?? baseUrl));
  return [...new Set([...hosts, ...LOGIN_HOSTS])];
}

function hostsAt(address: string | undefined): string[] {
  const plain = address?.trim();
  if (plain === undefined || !URL.canParse(plain)) return [];
  const { host } = new URL(plain);
  return host === "" ? [] : [host];
}
