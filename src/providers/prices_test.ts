import assert from "node:assert/strict";
import { PROVIDERS } from "./catalog.ts";
import { contextWindow, costOf, familyOf, findPrice } from "./prices.ts";

Deno.test("every model of the curated lists has a price, and the defaults stand in the lists", () => {
  for (const entry of Object.values(PROVIDERS)) {
    for (const model of entry.models) {
      assert.ok(findPrice(entry.name, model, 1000, {}), `${entry.name}/${model}`);
    }
    const { defaultModel, selectorModel, models } = entry;
    if (defaultModel) assert.ok(models.includes(defaultModel), defaultModel);
    if (selectorModel) assert.ok(findPrice(entry.name, selectorModel, 1000, {}), selectorModel);
  }
});

Deno.test("a model has one price, whatever vendor, date or variant stands around its name", () => {
  for (const name of ["anthropic/claude-haiku-4.5", "claude-haiku-4-5-20251001"]) {
    assert.equal(familyOf(name), "claude-haiku-4-5");
  }
  assert.equal(familyOf("openai/gpt-6.1-sol:online"), "gpt-6-1-sol");
});

Deno.test("the person's own price and window win over the table", () => {
  const own = {
    "openai/gpt-6-luna": {
      maxContextSize: 5000,
      price: { inputPerMillion: 9, outputPerMillion: 8 },
    },
  };
  assert.deepEqual(findPrice("openai", "gpt-6-luna", 1, own), own["openai/gpt-6-luna"].price);
  assert.equal(contextWindow("openai", "gpt-6-luna", own), 5000);
  assert.equal(contextWindow("openai", "gpt-6-luna", {}), 1_050_000);
});

Deno.test("half a price of the person's is none: the table counts", () => {
  const half = { "x": { price: { inputPerMillion: 9 } } };
  assert.equal(findPrice("custom", "x", 1, half), undefined);
});

Deno.test("nobody knows what an unknown model or a custom server costs", () => {
  assert.equal(findPrice("openai", "gpt-99", 1, {}), undefined);
  assert.equal(findPrice("custom", "gpt-6-luna", 1, {}), undefined);
  assert.equal(contextWindow("custom", "some-model", {}), 100_000);
});

Deno.test("local models, free ones and those of a subscription cost nothing", () => {
  for (
    const [provider, model] of [
      ["ollama", "qwen3:8b"],
      ["openai_codex", "auto"],
      ["openrouter", "x/y:free"],
    ] as const
  ) {
    assert.equal(findPrice(provider, model, 1, {})?.outputPerMillion, 0);
  }
});

Deno.test("a long prompt has the price of long prompts", () => {
  assert.equal(findPrice("anthropic", "claude-haiku-5-5", 100_000, {})?.inputPerMillion, 0.1);
  assert.equal(findPrice("anthropic", "claude-haiku-5-5", 100_001, {})?.inputPerMillion, 0.5);
});

Deno.test("cached tokens are counted at their own price", () => {
  const price = {
    inputPerMillion: 10,
    outputPerMillion: 100,
    cachedInputPerMillion: 1,
    cacheWritePerMillion: 12,
  };
  const tokens = { input: 1000, cachedInput: 500, cacheWrite: 300, output: 10 };
  const expected = (200 * 10 + 500 * 1 + 300 * 12 + 10 * 100) / 1e6;
  assert.ok(Math.abs((costOf(tokens, price) ?? 0) - expected) < 1e-12);
  assert.equal(costOf(tokens, undefined), undefined);
});
