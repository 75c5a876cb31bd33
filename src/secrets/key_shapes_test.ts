import assert from "node:assert/strict";
import fc from "fast-check";
import { findKeyShapes } from "./key_shapes.ts";

const LETTERS = "aB3".repeat(20);

/** Made up, and put together here so that no scanner takes them for real. */
const KEYS: Readonly<Record<string, string>> = {
  Anthropic: `sk-${"ant"}-api03-${LETTERS}`,
  OpenRouter: `sk-${"or"}-v1-${"0f".repeat(32)}`,
  "OpenAI or DeepSeek": `sk-${"proj"}-${LETTERS}`,
  Groq: `${"gsk"}_${LETTERS}`,
  Google: `${"AIza"}${LETTERS.slice(0, 35)}`,
  GitHub: `${"ghp"}_${LETTERS.slice(0, 36)}`,
  Slack: `${"xoxb"}-1234567890-${LETTERS.slice(0, 24)}`,
  AWS: `${"AKIA"}${"A1B2".repeat(4)}`,
  Telegram: `1234567890:${LETTERS.slice(0, 35)}`,
  "a private key": `-----BEGIN RSA ${"PRIVATE"} KEY-----\nabc\n-----END RSA ${"PRIVATE"} KEY-----`,
};

for (const [title, key] of Object.entries(KEYS)) {
  Deno.test(`what looks like a key of ${title} is found whole, wherever it stands`, () => {
    for (
      const text of [key, `use ${key}, please`, `KEY="${key}"`, `(${key})`, `x=${key}\n${key}`]
    ) {
      const found = findKeyShapes(text);
      assert.ok(found.length > 0, text);
      for (const { title: whose, start, end } of found) {
        assert.equal(whose, title);
        assert.equal(text.slice(start, end), key);
      }
    }
  });
}

Deno.test("ordinary words are no keys", () => {
  for (
    const text of [
      "ask-me-anything-about-the-weather-in-vienna",
      "task-1234567890abcdefgh",
      "the risk-averse",
      "sk-short",
      "https://example.com/gsk_",
      "AKIAlower",
      "12:30, or 18:45",
      "2026-11-28T05:24:44",
    ]
  ) assert.deepEqual(findKeyShapes(text), [], text);
  fc.assert(fc.property(fc.lorem({ maxCount: 30 }), (text) => {
    assert.deepEqual(findKeyShapes(text), []);
  }));
});
