import assert from "node:assert/strict";
import { isUnspaced, wordsOf } from "./words.ts";

Deno.test("wordsOf() folds case, width and punctuation and keeps the order", () => {
  assert.deepEqual(wordsOf("Anna's CAFÉ, n° ４２ — ﬁne!"), [
    "anna",
    "s",
    "café",
    "n",
    "42",
    "fine",
  ]);
});

Deno.test("wordsOf() keeps combining marks inside words", () => {
  assert.deepEqual(wordsOf("हिन्दी भाषा"), ["हिन्दी", "भाषा"]);
});

Deno.test("wordsOf() cuts scripts that are written without spaces", () => {
  const words = wordsOf("東京に行きました");
  assert.equal(words.join(""), "東京に行きました");
  assert.ok(words.includes("東京"));
});

Deno.test("wordsOf() finds no words in signs alone", () => {
  assert.deepEqual(wordsOf(" -- 🎉 … \n"), []);
});

Deno.test("isUnspaced() knows the scripts without spaces", () => {
  assert.ok(isUnspaced("寿司が好き"));
  assert.ok(!isUnspaced("Любит суши 🍣"));
});
