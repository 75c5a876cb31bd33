import type { ProviderFacts } from "../provider_facts.ts";

/** Facts of the provider `custom`. */
export const customProvider = {
  name: "custom",
  preference: 90,
  title: "the custom server",
  protocol: "openai_compatible",
  needs: "address",
  models: [],
  takesBareNames: true,
  mayWantKey: true,
  prices: "unknown",
  keys: {
    title: "a server that speaks OpenAI's language",
    apiBase: "Address of a server that speaks OpenAI's language.",
  },
  hints: {
    setUp: "Set providers.custom.apiBase.",
    noAddress: "set providers.custom.apiBase",
    unreachable: "Check providers.custom.apiBase and the server behind it.",
  },
  quirks: {},
} as const satisfies ProviderFacts;
