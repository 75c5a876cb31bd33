import assert from "node:assert/strict";
import fc from "fast-check";
import { isSameText } from "./same_text.ts";

Deno.test("isSameText() says what === says, of any two texts", () => {
  const near = fc.string().chain((text) =>
    fc.tuple(
      fc.constant(text),
      fc.oneof(fc.constant(text), fc.string(), fc.constant(`${text}a`), fc.constant(text.slice(1))),
    )
  );
  fc.assert(fc.property(near, ([a, b]) => {
    const wellFormed = [a.toWellFormed(), b.toWellFormed()] as const;
    assert.equal(isSameText(...wellFormed), wellFormed[0] === wellFormed[1]);
  }));
  assert.equal(isSameText("", ""), true);
  assert.equal(isSameText("a", ""), false);
  assert.equal(isSameText("", "a"), false);
  assert.equal(isSameText("abab", "ab"), false);
});
