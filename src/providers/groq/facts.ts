import type { ProviderFacts } from "../provider_facts.ts";

/** Facts of the provider `groq`. */
export const groqProvider = {
  name: "groq",
  preference: 60,
  title: "Groq",
  protocol: "openai_compatible",
  baseUrl: "https://api.groq.com/openai/v1",
  needs: "key",
  keyVariable: "GROQ_API_KEY",
  keyPage: "https://console.groq.com/keys",
  models: ["openai/gpt-oss-120b", "openai/gpt-oss-20b"],
  defaultModel: "openai/gpt-oss-120b",
  selectorModel: "openai/gpt-oss-20b",
  // Text alone; some of its other models see (console.groq.com/docs, vision).
  blindModels: /gpt-oss/,
  // "Streaming is not supported with Structured Outputs" (console.groq.com/docs).
  quirks: { streamsStructured: false, calm: { reasoning_effort: "low" } },
} as const satisfies ProviderFacts;
