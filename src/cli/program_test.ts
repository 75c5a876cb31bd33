import assert from "node:assert/strict";
import { renderHelp } from "../../scripts/help_texts.ts";

Deno.test("the help of every command has an example of that very command", async () => {
  const texts = await renderHelp(80);
  texts.delete("");
  assert.ok(texts.size > 40);
  for (const [words, text] of texts) {
    assert.ok(text.includes(`$ clambot ${words}`) || text.includes(` clambot ${words}`), words);
    assert.match(text, /Examples?:/, words);
  }
});
