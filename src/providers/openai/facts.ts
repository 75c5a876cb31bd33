import type { ProviderFacts } from "../provider_facts.ts";

/** Facts of the provider `openai`. */
export const openaiProvider = {
  name: "openai",
  preference: 30,
  title: "OpenAI",
  protocol: "openai_compatible",
  baseUrl: "https://api.openai.com/v1",
  needs: "key",
  keyVariable: "OPENAI_API_KEY",
  keyPage: "https://platform.openai.com/api-keys",
  models: ["gpt-6.1-sol", "gpt-6.1-terra", "gpt-6-luna"],
  defaultModel: "gpt-6.1-sol",
  selectorModel: "gpt-6-luna",
  // Its thinking models know no other name for the limit (API reference, chat/create).
  quirks: {
    tokensField: "max_completion_tokens",
    // Those that think refuse a temperature other than their own ("Unsupported value").
    noTemperature: /^(?:o\d|gpt-(?:[5-9]|\d\d))/,
  },
} as const satisfies ProviderFacts;
