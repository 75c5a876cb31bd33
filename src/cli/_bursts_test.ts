import assert from "node:assert/strict";
import { createBursts } from "./_bursts.ts";

/** What the line is given by these pieces, each followed by as many beats. */
function given(...pieces: readonly (readonly [text: string, beats: number])[]): string[] {
  const keys: string[] = [];
  const bursts = createBursts({ keys: (text) => keys.push(text) });
  for (const [text, beats] of pieces) {
    bursts.keys(text);
    for (let beat = 0; beat < beats; beat++) bursts.beat();
  }
  return keys;
}

Deno.test("keys and a single Enter go on at once", () => {
  assert.deepEqual(given(["a", 0], ["\x1b[D", 0], ["\r", 0]), ["a", "\x1b[D", "\r"]);
});

Deno.test("a line with its end in one piece is that line, after a moment", () => {
  assert.deepEqual(given(["hello\r", 0]), []);
  assert.deepEqual(given(["hello\r", 2]), ["hello", "\r"]);
});

Deno.test("several lines in one burst are one line; only an end at its end is an Enter", () => {
  assert.deepEqual(given(["one\rtwo\r", 2]), ["one⏎two", "\r"]);
  assert.deepEqual(given(["one\r\ntwo", 2]), ["one⏎two"]);
  assert.deepEqual(given(["one\n", 1], ["two\n", 1], ["three", 2]), ["one⏎two⏎three"]);
});

Deno.test("lines with a pause between them are two lines", () => {
  assert.deepEqual(given(["one\r", 2], ["two\r", 2]), ["one", "\r", "two", "\r"]);
});

Deno.test("what was pasted is never an Enter, a sequence or a control character", () => {
  const keys: string[] = [];
  const bursts = createBursts({ keys: (text) => keys.push(text) });
  bursts.paste("a\x1b[31mb\x1b]0;title\x07\r\nc\x03\x04\td\n\n");
  assert.deepEqual(keys, ["ab⏎c  d"]);
});

Deno.test("Ctrl-C within a burst is Ctrl-C alone", () => {
  assert.deepEqual(given(["one\rtwo\x03", 2]), ["\x03"]);
});
