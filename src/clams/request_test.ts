import assert from "node:assert/strict";
import { assertKeepsPace } from "../../tests/pace.ts";
import fc from "fast-check";
import { normalizeRequest, unquote } from "./request.ts";

for (
  const [what, one, other] of [
    ["case", "What TIME is it in Tokyo", "what time is it in tokyo"],
    ["white space", "  what\t time \n is it ", "what time is it"],
    ["punctuation at the end", "what time is it?!", "what time is it"],
    ["punctuation that stands alone", "what time is it ?", "what time is it"],
    ["full-width forms", "ＷＨＡＴ　ｔｉｍｅ　ｉｓ　ｉｔ？", "what time is it"],
    ["ligatures", "ﬁnd ﬁles", "find files"],
    ["the kind of apostrophe", "what’s up", "what's up"],
    ["the opening mark of Spanish", "¿Qué hora es?", "qué hora es"],
    ["the case of a host", "title of HTTPS://Example.COM/a", "title of https://example.com/a"],
    [
      "a full stop after an address",
      "title of https://example.com/a.",
      "title of https://example.com/a",
    ],
    ["the kind of quotes", "say “Hello World”", 'say "Hello World"'],
    ["Chinese punctuation", "现在几点？", "现在几点"],
  ] as const
) {
  Deno.test(`${what} does not matter between two requests (A49)`, () => {
    assert.equal(normalizeRequest(one), normalizeRequest(other));
    assert.notEqual(normalizeRequest(one), "");
  });
}

for (
  const group of [
    [
      "calculate 2+2",
      "calculate 2-2",
      "calculate 22",
      "calculate 2 2",
      "calculate 2*2",
      "calculate 2²",
    ],
    ["calculate 1½", "calculate 11⁄2", "calculate 11/2"],
    ["calculate 5!", "calculate 5"],
    ["get https://a.example/x", "get https://a.example/X", "get https://b.example/x"],
    ["get https://a.example/?q=1", "get https://a.example/?q=2", "get https://a.example/#q=1"],
    ["get http://a.example/", "get https://a.example/"],
    ['count "Hello"', 'count "hello"', 'count "hello "', "count hello"],
    ["read notes/Todo.md", "read notes/todo.md"],
    ["read Report.txt", "read report.txt"],
    ['sha256 of "hello?"', 'sha256 of "hello"'],
    ["C++ or C", "C# or C", "C or C"],
    ["price in $", "price in €"],
    ["say 'a b'", "say 'a  b'"],
  ]
) {
  Deno.test(`these requests stay apart: ${group.join(" | ")} (A50)`, () => {
    const keys = group.map(normalizeRequest);
    assert.equal(new Set(keys).size, group.length, keys.join(" | "));
  });
}

Deno.test("a request of punctuation alone, and one of over 10,000 characters, equal nothing", () => {
  assert.equal(normalizeRequest(" ?!… "), "");
  assert.equal(normalizeRequest("a".repeat(10_001)), "");
});

Deno.test("flipping the case of plain words never changes what a request is compared by", () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(fc.property(fc.array(word, { minLength: 1 }), fc.nat(), (words, seed) => {
    const text = words.join(" ");
    const flipped = [...text].map((c, i) => (seed >> (i % 20)) & 1 ? c.toUpperCase() : c).join("");
    assert.equal(normalizeRequest(flipped), normalizeRequest(text));
  }));
});

Deno.test("two different arithmetic expressions are never the same request", () => {
  const expression = fc.stringMatching(/^[0-9][0-9+*/()%^-]{0,6}[0-9]$/);
  fc.assert(fc.property(expression, expression, (one, other) => {
    fc.pre(one !== other);
    assert.notEqual(normalizeRequest(`calculate ${one}`), normalizeRequest(`calculate ${other}`));
  }));
});

Deno.test("reading 10 kB of quotes takes no longer than reading 10 kB of words, about", async () => {
  for (const unit of ["'=", '"a ', "`(", "“", "http://'", "‘a’b"]) {
    const reading = (unit: string) => () => normalizeRequest(unit.repeat(10_000 / unit.length));
    await assertKeepsPace(reading(unit), reading("words "), 50, unit);
  }
});

Deno.test("unquote() takes quotes off only when they hold the whole piece", () => {
  assert.equal(unquote('"a b"'), "a b");
  assert.equal(unquote("«a»"), "a");
  assert.equal(unquote('"a" and "b"'), '"a" and "b"');
  assert.equal(unquote("it's"), "it's");
  assert.equal(unquote('""'), "");
});
