import { examProvider } from "./provider.ts";
import type { Candidate } from "./provider_bench.ts";
import { examSight } from "./provider_sight.ts";

// A190: each of the nine providers passes the same exam.

function exam(candidate: Candidate): void {
  examProvider(candidate);
  examSight(candidate);
}

exam({ provider: "openrouter", model: "anthropic/claude-sonnet-5.5" });
exam({ provider: "anthropic", model: "claude-sonnet-4-5" });
exam({ provider: "openai", model: "gpt-6.1-sol" });
exam({ provider: "deepseek", model: "deepseek-flash" });
exam({ provider: "gemini", model: "gemini-3.8-flash" });
exam({
  provider: "groq",
  model: "openai/gpt-oss-120b",
  seeing: "meta-llama/llama-4-scout-17b-16e-instruct",
});
exam({ provider: "ollama", model: "qwen3:8b" });
exam({ provider: "openai_codex", model: "gpt-5.6-sol" });
exam({ provider: "custom", model: "your-model-name" });
