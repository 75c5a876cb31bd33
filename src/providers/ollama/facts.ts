import type { ProviderFacts } from "../provider_facts.ts";

/** Facts of the provider `ollama`. */
export const ollamaProvider = {
  name: "ollama",
  preference: 70,
  title: "Ollama",
  protocol: "openai_compatible",
  baseUrl: "http://localhost:11434",
  needs: "address",
  models: [],
  alias: "ollama_chat",
  addressVariable: "OLLAMA_HOST",
  usuallyHere: true,
  // Its own address is the one without `/v1` (docs.ollama.com, OpenAI compatibility).
  paths: { chat: "/v1", models: "/api/tags" },
  usualWindow: 32_768,
  prices: "free",
  blindModels: /^gpt-oss/,
  hints: {
    setUp: "Start it with: ollama serve. Or set OLLAMA_HOST.",
    noAddress: "run clambot onboard while Ollama runs",
    unreachable: "Start it with: ollama serve. Or set providers.ollama.apiBase to where it is.",
    noModels: "Get one with: ollama pull NAME",
  },
  quirks: { calm: { reasoning_effort: "none" } },
} as const satisfies ProviderFacts;
