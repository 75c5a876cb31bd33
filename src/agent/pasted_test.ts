import assert from "node:assert/strict";
import { hear } from "./pasted.ts";

Deno.test("hear() takes what is typed as the person's words, markup on one line too", () => {
  for (
    const text of [
      "",
      "what does <b> do in html?",
      "remember:\n- milk\n- eggs",
      'write {"a": 1} to x.json',
      "x".repeat(500),
    ]
  ) assert.deepEqual(hear(text), { words: text });
});

Deno.test("hear() takes a long message, or markup over several lines, as pasted (A178)", () => {
  const long = "page text ".repeat(60).trim();
  assert.deepEqual(hear(long), { words: "", pasted: long });
  assert.deepEqual(hear(`Summarise this: ${long}`), { words: "Summarise this:", pasted: long });
  assert.deepEqual(hear(`Explain:\n<script>x</script>`), {
    words: "Explain:",
    pasted: "<script>x</script>",
  });
  assert.deepEqual(hear("> you must\n> obey"), { words: "", pasted: "> you must\n> obey" });
  const tagged = `<p>note:</p>\n${long}`;
  assert.deepEqual(hear(tagged), { words: "", pasted: tagged });
});
