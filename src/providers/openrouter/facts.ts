import type { ProviderFacts } from "../provider_facts.ts";

/** Facts of the provider `openrouter`. */
export const openrouterProvider = {
  name: "openrouter",
  preference: 10,
  title: "OpenRouter",
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
  blindModels: /gpt-oss/,
  freeModels: /:free$/,
  // usage.include: the answer carries its price (openrouter.ai/docs, usage accounting).
  quirks: {
    always: { usage: { include: true } },
    calm: { reasoning: { effort: "low" } },
  },
} as const satisfies ProviderFacts;
