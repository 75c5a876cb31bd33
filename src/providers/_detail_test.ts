import assert from "node:assert/strict";
import fc from "fast-check";
import { cleanDetail } from "./_detail.ts";

Deno.test("the sentence is found in the usual forms of error bodies", () => {
  for (
    const body of [
      { error: { message: "too big", type: "x" } },
      { error: "too big" },
      { message: "too big" },
      { detail: "too big" },
      [{ error: { code: 400, message: "too big" } }],
      { type: "error", error: { type: "invalid_request_error", message: "too big" } },
    ]
  ) {
    assert.equal(cleanDetail(JSON.stringify(body), []), "too big");
  }
  assert.equal(cleanDetail("too big\n", []), "too big");
  assert.equal(cleanDetail("<!DOCTYPE html><h1>502</h1>", []), "");
});

Deno.test("a detail is one short line without control characters", () => {
  const detail = cleanDetail(`a\u001b[31mred\u0007\r\nline ${"very ".repeat(100)}`, []);
  assert.match(detail, /^a \[31mred line very/);
  assert.ok(detail.length <= 200);
});

// A200: key patterns of the vendors, and masked echoes of them.
for (
  const text of [
    "Incorrect API key provided: sk-proj-abcd1234efgh5678.",
    "Incorrect API key provided: sk-ab***********************wxyz.",
    "bad gsk_abcdEFGH1234abcdEFGH1234",
    "API key not valid: AIzaSyA1234567890abcdefghijklmnopqrstu",
    "Authorization: Bearer abc.def-ghi was rejected",
    "GET https://x.test/v1?key=abc123&alt=sse failed",
    "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def expired",
    "id 0123456789abcdef0123456789abcdef0123",
  ]
) {
  Deno.test(`what looks like a credential is taken out of: ${text.slice(0, 40)}…`, () => {
    const detail = cleanDetail(text, []);
    assert.match(detail, /\[key\]/);
    assert.doesNotMatch(detail, /abcd|wxyz|abc\.def|abc123|eyJ|AIzaSy|0123456789abcdef/);
  });
}

Deno.test("no eight characters of a known key ever stand in a detail", () => {
  const characters = fc.constantFrom(..."abcdefghijkmnpqrstuvwxyzABCDEFGH23456789-_");
  const key = fc.string({ unit: characters, minLength: 12, maxLength: 60 });
  fc.assert(
    fc.property(key, fc.nat(50), fc.nat(50), fc.string(), (secret, from, length, around) => {
      const part = secret.slice(from % secret.length, (from % secret.length) + length);
      const detail = cleanDetail(`${around} ${secret} ${part} ${around}`, [secret]);
      for (let at = 0; at + 8 <= secret.length; at++) {
        assert.ok(!detail.includes(secret.slice(at, at + 8)), detail);
      }
    }),
  );
});
