import assert from "node:assert/strict";
import { assertKeepsPace } from "../../tests/pace.ts";
import { estimateTokens } from "./tokens.ts";

Deno.test("estimateTokens() of nothing is zero", () => {
  assert.equal(estimateTokens(""), 0);
});

Deno.test("estimateTokens() counts English at about a token per word", () => {
  const tokens = estimateTokens("The quick brown fox jumps over the lazy dog. ".repeat(100));
  assert.ok(tokens >= 1000 && tokens <= 1500, `${tokens}`);
});

Deno.test("estimateTokens() does not take a long unbroken run for one word", () => {
  assert.ok(estimateTokens("QUJDRA".repeat(1000)) >= 4000);
});

Deno.test("estimateTokens() counts white space and foreign scripts by their bytes at least", () => {
  for (const text of [" ".repeat(4000), "я".repeat(2000), "🎉".repeat(1000)]) {
    assert.ok(estimateTokens(text) >= 1000, JSON.stringify(text.slice(0, 4)));
  }
});

Deno.test("estimateTokens() is quick for any text of a megabyte", async () => {
  for (const unit of ["a", "-", "🎉", "x ", "\n", "aé"]) {
    const count = (unit: string) => () => estimateTokens(unit.repeat(1_000_000 / unit.length));
    await assertKeepsPace(count(unit), count("some words "), 50, JSON.stringify(unit));
  }
});
