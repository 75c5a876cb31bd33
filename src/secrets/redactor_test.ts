import assert from "node:assert/strict";
import fc from "fast-check";
import { createLiveRedactor, createRedactor } from "./redactor.ts";

const SECRET = 'ключ/+?&="\\ \n%41';

/** How a value can be written; each of them is that value to whoever reads it. */
const FORMS: Readonly<Record<string, (value: string) => string>> = {
  "as it is": (value) => value,
  "in a part of an address": encodeURIComponent,
  "in base64": base64,
  "in base64 without its end": (value) => base64(value).replace(/=+$/, ""),
  "in a text of JSON": (value) => JSON.stringify(value).slice(1, -1),
};

function base64(value: string): string {
  return new TextEncoder().encode(value).toBase64();
}

Deno.test("redact() is tried with a value that looks different in every form", () => {
  const written = Object.values(FORMS).map((write) => write(SECRET));
  assert.equal(new Set(written).size, written.length);
});

for (const [how, write] of Object.entries(FORMS)) {
  Deno.test(`redact() takes a value out that is written ${how}`, () => {
    const written = write(SECRET);
    const clean = createRedactor([SECRET]).redact(`before ${written} after ${written}`);
    assert.match(clean, /^before \[redacted\]=* after \[redacted\]=*$/);
  });

  Deno.test(`redact() leaves no piece of any value that is written ${how}`, () => {
    // signs that stand in none of the words around it and in no mark
    const value = fc.string({ unit: fc.constantFrom(...'QZ7/+&é"\\\n😀'), minLength: 6 });
    fc.assert(fc.property(value, (secret) => {
      const clean = createRedactor([secret]).redact(`(${write(secret)})`);
      assert.match(clean, /^\(\[redacted\]=*\)$/);
    }));
  });
}

Deno.test("redact() takes out values of four signs and leaves shorter ones", () => {
  const redactor = createRedactor(["", "no", "four"]);
  assert.equal(redactor.redact("no credits in four"), "no credits in [redacted]");
});

Deno.test("a live redactor takes out what comes to be known while the program runs", () => {
  let values: readonly string[] = ["first-value"];
  const redactor = createLiveRedactor(() => values);
  assert.equal(redactor.redact("first-value second-value"), "[redacted] second-value");
  values = [...values, "second-value"];
  assert.equal(redactor.redact("first-value second-value"), "[redacted] [redacted]");
});

Deno.test("redact() leaves no end of a value that begins with another one", () => {
  const values = ["secret-1", "secret-1-and-more", "secret-1-and"];
  assert.equal(
    createRedactor(values).redact("secret-1-and-more secret-1 secret-1-and"),
    "[redacted] [redacted] [redacted]",
  );
});

Deno.test("redact() reads values as they stand, not as patterns or references", () => {
  assert.equal(createRedactor(["a.c$&(("]).redact("abc$&(( a.c$&(("), "abc$&(( [redacted]");
});

Deno.test("redact() leaves text alone in which no value stands", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    assert.equal(createRedactor(["canary-of-nobody"]).redact(text), text);
  }));
});
