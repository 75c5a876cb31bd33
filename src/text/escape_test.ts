import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeJson, escapeLine, escapeStrictly, escapeText } from "./escape.ts";

const HIDDEN: Readonly<Record<string, readonly [string, string]>> = {
  "an escape sequence that paints": ["\x1b[31mred", "\\u{1b}[31mred"],
  "a link or title of the terminal (OSC)": ["\x1b]8;;http://x\x07y", "\\u{1b}]8;;http://x\\u{7}y"],
  "a control of C1": ["\u009b2Ja\u0085", "\\u{9b}2Ja\\u{85}"],
  "a carriage return": ["safe\rrm", "safe\\u{d}rm"],
  "bidirectional controls": [
    "\u202egpj.exe\u2069\u200f",
    "\\u{202e}gpj.exe\\u{2069}\\u{200f}",
  ],
  "zero-width characters": ["a\u200bb\u2060c\ufeff", "a\\u{200b}b\\u{2060}c\\u{feff}"],
  "a joiner between letters": ["pay\u200dpal", "pay\\u{200d}pal"],
  "a variation selector behind a letter": ["a\ufe0f\ufe01", "a\\u{fe0f}\\u{fe01}"],
  "tags, behind an emoji too": ["🏴\u{e0067}\u{e007f}", "🏴\\u{e0067}\\u{e007f}"],
  "variation selectors of the supplement": ["😀\u{e0100}", "😀\\u{e0100}"],
  "separators, soft hyphen and fillers": ["\u2028\u00ad\u3164", "\\u{2028}\\u{ad}\\u{3164}"],
  "half a surrogate pair": ["\ud800!", "\\u{d800}!"],
};

for (const [what, [text, shown]] of Object.entries(HIDDEN)) {
  Deno.test(`escapeText() makes visible: ${what}`, () => {
    assert.equal(escapeText(text), shown);
    assert.equal(escapeStrictly(text), shown);
    assert.equal(escapeLine(text), shown);
  });
}

const EMOJI = ["👨‍👩‍👧‍👦", "❤️", "👩🏽‍⚕️", "🏳️‍🌈", "1️⃣", "🇦🇹", "👍🏿"];

Deno.test("escapeText() leaves emoji of several parts as they are", () => {
  for (const one of EMOJI) assert.equal(escapeText(`a ${one} b`), `a ${one} b`);
  assert.equal(escapeText(EMOJI.join("")), EMOJI.join(""));
});

Deno.test("escapeText() shows joiners and selectors that hold no emoji together", () => {
  assert.equal(escapeText("👨\u200d"), "👨\\u{200d}");
  assert.equal(escapeText("👨\u200d\u200d👩"), "👨\\u{200d}\\u{200d}👩");
  assert.equal(escapeText("\u200d👩"), "\\u{200d}👩");
  assert.equal(escapeText("❤\ufe0f\ufe0f\ufe0f"), "❤\ufe0f\\u{fe0f}\\u{fe0f}");
  assert.equal(escapeText("1\ufe0f2"), "1\\u{fe0f}2");
});

Deno.test("escapeStrictly() and escapeLine() make no exception for emoji", () => {
  assert.equal(escapeStrictly("❤️\n"), "❤\\u{fe0f}\n");
  assert.equal(escapeLine("👨‍👩\n\t"), "👨\\u{200d}👩\\n\\t");
});

Deno.test("escapeJson() keeps the value and writes nothing unseen", () => {
  const value = { "a\u202e": "\x1b[0m \u009b \u{e0067} ❤️ é 日本" };
  const shown = escapeJson(JSON.stringify(value));
  assert.deepEqual(JSON.parse(shown), value);
  assert.equal(shown, escapeStrictly(shown));
});

Deno.test("escapeText() lets no unseen character pass but the two that emoji are made with", () => {
  const pieces = fc.constantFrom(
    ..."a1#\n\t\x1b\u009b\u202e\u200b\u200d\ufe0f\u{e0067}👨❤🏽",
    "👨\u200d👩",
    "1\ufe0f\u20e3",
  );
  fc.assert(fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
    const shown = escapeText(parts.join(""));
    const passed = shown.replaceAll(/[\u200d\ufe0f]/g, "");
    assert.equal(passed, escapeStrictly(passed));
    assert.ok(!/(^|[a\n\t\u200d])[\u200d\ufe0f]|\u200d($|[^👨👩❤])/u.test(shown), shown);
  }));
});
