import { examProvider } from "./provider.ts";

// A190: each of the nine providers passes the same exam.

examProvider({ provider: "openrouter", model: "anthropic/claude-sonnet-5.5" });
examProvider({ provider: "anthropic", model: "claude-sonnet-4-5" });
examProvider({ provider: "openai", model: "gpt-6.1-sol" });
examProvider({ provider: "deepseek", model: "deepseek-flash" });
examProvider({ provider: "gemini", model: "gemini-3.8-flash" });
examProvider({ provider: "groq", model: "openai/gpt-oss-120b" });
examProvider({ provider: "ollama", model: "qwen3:8b" });
examProvider({ provider: "openai_codex", model: "gpt-5.6-sol" });
examProvider({ provider: "custom", model: "your-model-name" });
