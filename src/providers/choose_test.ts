import assert from "node:assert/strict";
import { chooseProvider } from "./choose.ts";
import type { Found } from "./detect.ts";

const key = (provider: Found["provider"]): Found => ({ provider, via: "environment", apiKey: "k" });
const probed: Found = {
  provider: "ollama",
  via: "probe",
  apiBase: "http://localhost:11434",
  models: ["qwen3:8b", "llama3.2"],
};

Deno.test("the first in the order of preference is chosen, and the reason is told (A6)", () => {
  const choice = chooseProvider([key("openrouter"), key("anthropic"), key("groq")]);
  assert.equal(choice?.model, "openrouter/anthropic/claude-sonnet-5.5");
  assert.equal(
    choice?.reason,
    "OpenRouter comes before Anthropic, Groq in the order of preference.",
  );
  assert.equal(chooseProvider([key("gemini")])?.reason, "Gemini is the only provider found.");
});

Deno.test("a cheap selector model comes with a provider that has one (A7)", () => {
  assert.equal(chooseProvider([key("anthropic")])?.selectorModel, "anthropic/claude-haiku-5-5");
  assert.equal(chooseProvider([key("deepseek")])?.selectorModel, undefined);
});

Deno.test("a server that nobody configured counts only when confirmed or named (A3)", () => {
  assert.equal(chooseProvider([probed]), undefined);
  assert.equal(chooseProvider([probed], { probed: true })?.model, "ollama/qwen3:8b");
  assert.equal(chooseProvider([probed], { provider: "ollama" })?.model, "ollama/qwen3:8b");
  assert.equal(chooseProvider([{ ...probed, via: "address" }])?.model, "ollama/qwen3:8b");
  assert.equal(chooseProvider([key("groq"), probed], { probed: true })?.provider, "groq");
});

Deno.test("a wish is met exactly (A8)", () => {
  const found = [key("openrouter"), key("anthropic")];
  const wished = (provider?: string, model?: string) =>
    chooseProvider(found, { provider, model })?.model;
  assert.equal(wished("anthropic"), "anthropic/claude-sonnet-5-5");
  assert.equal(wished("anthropic", "claude-opus-5-5"), "anthropic/claude-opus-5-5");
  assert.equal(wished("anthropic", "anthropic/claude-opus-5-5"), "anthropic/claude-opus-5-5");
  assert.equal(wished(undefined, "anthropic/claude-opus-5-5"), "anthropic/claude-opus-5-5");
  assert.equal(
    wished("openrouter", "google/gemini-3.8-flash"),
    "openrouter/google/gemini-3.8-flash",
  );
  assert.equal(wished(undefined, "my-model"), "openrouter/my-model");
});

Deno.test("a wish that cannot be met is told with the next step", () => {
  const wish = (provider: string) => () => chooseProvider([key("groq")], { provider });
  assert.throws(wish("anthropic"), /Anthropic is not set up/);
  assert.throws(wish("wonderland"), /no provider "wonderland"/);
  assert.throws(wish("openai-codex"), { code: "usage" });
});

Deno.test("nothing found is no choice, and neither is a custom server without a model", () => {
  assert.equal(chooseProvider([]), undefined);
  const custom: Found = { provider: "custom", via: "config" };
  assert.equal(chooseProvider([custom]), undefined);
  assert.equal(chooseProvider([custom], { provider: "custom", model: "m" })?.model, "custom/m");
  assert.equal(chooseProvider([custom, key("groq")])?.provider, "groq");
});
