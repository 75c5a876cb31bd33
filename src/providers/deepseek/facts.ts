import type { ProviderFacts } from "../provider_facts.ts";

/** Facts of the provider `deepseek`. */
export const deepseekProvider = {
  name: "deepseek",
  preference: 40,
  title: "DeepSeek",
  protocol: "openai_compatible",
  baseUrl: "https://api.deepseek.com",
  needs: "key",
  keyVariable: "DEEPSEEK_API_KEY",
  keyPage: "https://platform.deepseek.com/api_keys",
  models: ["deepseek-flash"],
  defaultModel: "deepseek-flash",
  // It knows no schemas, and thinking can be turned off (api-docs.deepseek.com).
  quirks: {
    structured: "json_object",
    calm: { thinking: { type: "disabled" } },
  },
} as const satisfies ProviderFacts;
