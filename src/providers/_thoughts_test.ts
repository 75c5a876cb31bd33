import assert from "node:assert/strict";
import fc from "fast-check";
import { createThoughtFilter } from "./_thoughts.ts";

function filter(pieces: readonly string[]): string {
  const thoughts = createThoughtFilter();
  return pieces.map((piece) => thoughts.push(piece)).join("") + thoughts.end();
}

Deno.test("text without thoughts passes as it is, piece by piece", () => {
  const thoughts = createThoughtFilter();
  assert.equal(thoughts.push("Hi "), "Hi ");
  assert.equal(thoughts.push("there"), "there");
  assert.equal(thoughts.end(), "");
  for (const text of ["", "<", "<thin", "<b>bold</b>", "a <think>b</think>", "  indented"]) {
    assert.equal(filter([text]), text);
  }
});

Deno.test("thoughts at the beginning never get through, also when they are never closed", () => {
  assert.equal(filter(["<think>secret</think>\n\n42"]), "42");
  assert.equal(
    filter(["\n<think>", "sec", "ret</thi", "nk>", "\n", " 42", " apples"]),
    "42 apples",
  );
  assert.equal(filter(["<think>secret without end"]), "");
  assert.equal(filter(["<think>secret</think>"]), "");
});

Deno.test("it does not matter where the pieces are cut", () => {
  const text = "<think>secret</think>The <b>answer</b> is 42.";
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), text.length];
      const pieces = places.slice(1).map((end, index) => text.slice(places[index], end));
      assert.equal(filter(pieces), "The <b>answer</b> is 42.");
    }),
  );
});
