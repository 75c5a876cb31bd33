import type { ProviderFacts } from "../provider_facts.ts";

/** Facts of the provider `openai_codex`. */
export const openaiCodexProvider = {
  name: "openai_codex",
  preference: 80,
  title: "OpenAI Codex",
  protocol: "openai_codex",
  baseUrl: "https://chatgpt.com/backend-api/codex/responses",
  needs: "login",
  models: ["auto", "gpt-5.6-sol", "gpt-5.6-terra", "gpt-5.6-luna"],
  defaultModel: "auto",
  loginFile: "codex.json",
  // Where the login with ChatGPT happens, and where its answer comes in.
  loginHosts: ["auth.openai.com", "localhost:1455", "127.0.0.1:1455"],
  usualWindow: 272_000,
  prices: "free",
  keys: { unusedKey: "Codex is asked with your login: clambot provider login openai-codex" },
  quirks: {},
} as const satisfies ProviderFacts;
