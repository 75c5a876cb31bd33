import assert from "node:assert/strict";
import { CodedError } from "../domain/failure.ts";
import { findProvider, PROVIDERS, type ProvidersSettings } from "./catalog.ts";
import { parseModelName } from "./names.ts";

function settings(customBase?: string): ProvidersSettings {
  const empty = { apiKey: "", extraHeaders: {} };
  const sections = Object.values(PROVIDERS).map(({ section }) => [section, empty]);
  const custom = { ...empty, apiBase: customBase };
  return { ...Object.fromEntries(sections), custom } as unknown as ProvidersSettings;
}

const NAMES: readonly (readonly [string, string, string])[] = [
  ["openrouter/anthropic/claude-sonnet-5.5", "openrouter", "anthropic/claude-sonnet-5.5"],
  ["openrouter/a/b/c:free", "openrouter", "a/b/c:free"],
  ["anthropic/claude-sonnet-5-5", "anthropic", "claude-sonnet-5-5"],
  ["openai-codex/gpt-5.6-sol", "openai_codex", "gpt-5.6-sol"],
  ["openai_codex/gpt-5.6-sol", "openai_codex", "gpt-5.6-sol"],
  ["OpenAI/gpt-6-luna", "openai", "gpt-6-luna"],
  ["ollama_chat/qwen3:8b", "ollama", "qwen3:8b"],
  ["custom/your-model", "custom", "your-model"],
  ["  groq/openai/gpt-oss-120b ", "groq", "openai/gpt-oss-120b"],
];

for (const [name, provider, model] of NAMES) {
  Deno.test(`"${name.trim()}" goes to ${provider} as ${model} (A192)`, () => {
    const parsed = parseModelName(name, settings());
    assert.deepEqual([parsed.provider.name, parsed.model], [provider, model]);
    assert.equal(parsed.full, `${provider}/${model}`);
  });
}

Deno.test("a bare name goes to the custom server exactly as it is (A191)", () => {
  for (const name of ["your-model-name", "Meta-Llama-3.1", "vendor-x/model:tag"]) {
    const parsed = parseModelName(name, settings("http://127.0.0.1:1/v1"));
    assert.deepEqual([parsed.provider.name, parsed.model], ["custom", name]);
  }
});

Deno.test("an unknown provider is told with the nearest one, a custom server or not", () => {
  for (const base of [undefined, "http://127.0.0.1:1/v1"]) {
    const error = failureOf(() => parseModelName("opnrouter/a/b", settings(base)));
    assert.equal(error.code, "model_unknown");
    assert.match(error.message, /no provider "opnrouter"/);
    assert.equal(error.failure.hint, "Did you mean openrouter/a/b?");
  }
});

Deno.test("a provider that is like none is told with all of them", () => {
  const error = failureOf(() => parseModelName("wonderland/alice", settings()));
  assert.match(error.failure.hint ?? "", /openrouter, anthropic, .*custom/);
});

Deno.test("a bare name without a custom server is told with the provider that has it", () => {
  const error = failureOf(() => parseModelName("claude-sonnet-5-5", settings()));
  assert.equal(error.failure.hint, "Write anthropic/claude-sonnet-5-5.");
});

Deno.test("no name and half a name are told", () => {
  assert.equal(failureOf(() => parseModelName(" ", settings())).code, "no_model");
  assert.match(failureOf(() => parseModelName("openai/", settings())).message, /but no model/);
});

Deno.test("providers are found under any spelling of their names", () => {
  for (const name of ["openai-codex", "OPENAI_CODEX", " openai_codex "]) {
    assert.equal(findProvider(name)?.name, "openai_codex");
  }
  assert.equal(findProvider("__proto__"), undefined);
  assert.equal(findProvider("constructor"), undefined);
});

function failureOf(action: () => unknown): CodedError {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof CodedError);
    return error;
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
}
