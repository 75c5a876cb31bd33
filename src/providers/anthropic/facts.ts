import type { ProviderFacts } from "../provider_facts.ts";

/** Facts of the provider `anthropic`. */
export const anthropicProvider = {
  name: "anthropic",
  preference: 20,
  title: "Anthropic",
  protocol: "anthropic",
  baseUrl: "https://api.anthropic.com",
  needs: "key",
  keyVariable: "ANTHROPIC_API_KEY",
  keyPage: "https://platform.claude.com/settings/keys",
  models: ["claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-5-5"],
  defaultModel: "claude-sonnet-5-5",
  selectorModel: "claude-haiku-5-5",
  usualWindow: 200_000,
  quirks: {},
} as const satisfies ProviderFacts;
