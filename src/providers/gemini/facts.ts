import type { ProviderFacts } from "../provider_facts.ts";

/** Facts of the provider `gemini`. */
export const geminiProvider = {
  name: "gemini",
  preference: 50,
  title: "Gemini",
  protocol: "openai_compatible",
  baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
  needs: "key",
  keyVariable: "GEMINI_API_KEY",
  keyPage: "https://aistudio.google.com/apikey",
  models: ["gemini-3.8-flash", "gemini-3.5-flash-lite"],
  defaultModel: "gemini-3.8-flash",
  selectorModel: "gemini-3.5-flash-lite",
  quirks: { calm: { reasoning_effort: "low" } },
} as const satisfies ProviderFacts;
