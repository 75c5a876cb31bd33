// Every provider there is, a line each: its folder holds everything else of it.

export { anthropicProvider } from "./anthropic/facts.ts";
export { customProvider } from "./custom/facts.ts";
export { deepseekProvider } from "./deepseek/facts.ts";
export { geminiProvider } from "./gemini/facts.ts";
export { groqProvider } from "./groq/facts.ts";
export { ollamaProvider } from "./ollama/facts.ts";
export { openaiProvider } from "./openai/facts.ts";
export { openaiCodexProvider } from "./openai_codex/facts.ts";
export { openrouterProvider } from "./openrouter/facts.ts";
