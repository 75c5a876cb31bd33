import assert from "node:assert/strict";
import fc from "fast-check";
import { createLiveRedactor, createRedactor, MARK } from "./redactor.ts";

const SECRET = 'ключ/+?&="\\ \n%41';

const bytes = (text: string) => new TextEncoder().encode(text);
const base64 = (text: string) => bytes(text).toBase64();
const percent = (value: string) => [...bytes(value)].map((byte) => `%${hex(byte)}`).join("");
const hex = (byte: number) => byte.toString(16).padStart(2, "0");
const units = (value: string) =>
  Array.from({ length: value.length }, (_, at) => value.charCodeAt(at));
const wrapped = (text: string) => text.replace(/.{8}/g, "$&\r\n");

/** How a value can be written; each of them is that value to whoever reads it. */
const FORMS: Readonly<Record<string, (value: string) => string>> = {
  "as it is": (value) => value,
  "in a part of an address": encodeURIComponent,
  "in a form": (value) => new URLSearchParams({ v: value }).toString().slice(2),
  "in per cent signs": percent,
  "in per cent signs and capitals": (value) => percent(value).toUpperCase(),
  "in per cent signs twice": (value) => percent(value).replaceAll("%", "%25"),
  "in a text of JSON": (value) => JSON.stringify(value).slice(1, -1),
  "in a text of JSON within one": (value) =>
    JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1),
  "in numbers of Unicode": (value) =>
    units(value).map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join(""),
  "in points of Unicode": (value) =>
    [...value].map((sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`).join(""),
  "in entities": (value) => [...value].map((sign) => `&#${sign.codePointAt(0)};`).join(""),
  "in HTML": (value) =>
    value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;"),
  "in hexadecimal digits": (value) => bytes(value).toHex(),
  "in hexadecimal capitals": (value) => bytes(value).toHex().toUpperCase(),
  "in hexadecimal digits with colons": (value) => [...bytes(value)].map(hex).join(":"),
  "in base64": base64,
  "in base64 without its end": (value) => base64(value).replace(/=+$/, ""),
  "in base64 for addresses": (value) => bytes(value).toBase64({ alphabet: "base64url" }),
  "in base64 with line ends": (value) => wrapped(base64(value)),
  "in basic authentication": (value) => base64(`user:${value}`),
  "in base64 behind one byte": (value) => base64(`x${value}`),
  "in base64 behind two bytes and before one": (value) => base64(`xy${value}z`),
  "the other way round": (value) => [...value].toReversed().join(""),
};

/** Base64 has room around a value for bits of its neighbours. */
const isAround = (how: string) => /base64|authentication/.test(how);

Deno.test("redact() is tried with a value that looks different in nearly every form", () => {
  const written = Object.values(FORMS).map((write) => write(SECRET));
  assert.ok(new Set(written).size >= written.length - 1);
});

for (const [how, write] of Object.entries(FORMS)) {
  Deno.test(`redact() takes a value out that is written ${how}`, () => {
    const clean = createRedactor([SECRET]).redact(`before ${write(SECRET)} after ${write(SECRET)}`);
    const rest = isAround(how) ? "[\\w=\\r\\n]{0,8}" : "";
    assert.match(
      clean,
      new RegExp(`^before ${rest}\\[redacted\\]${rest} after ${rest}\\[redacted\\]${rest}$`),
    );
  });

  Deno.test(`redact() leaves no piece of any value that is written ${how}`, () => {
    // signs that stand in none of the words around it and in no mark
    const value = fc.string({ unit: fc.constantFrom(...'QZ7/+&é"\\\n😀'), minLength: 6 });
    fc.assert(fc.property(value, (secret) => {
      const clean = createRedactor([secret]).redact(`(${write(secret)})`);
      assert.ok(clean.includes(MARK), clean);
      const left = clean.replaceAll(MARK, "").slice(1, -1);
      if (!isAround(how)) return assert.equal(left, "");
      // the name before it, the padding behind it
      assert.ok(left.length <= 9, left);
      assert.ok(!left.includes(secret.slice(0, 3)));
    }));
  });

  Deno.test(`a stream lets no piece of a value through that is written ${how}, wherever it is cut`, () => {
    const cut = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 });
    fc.assert(fc.property(cut, (lengths) => {
      const text = `before ${write(SECRET)} between ${write(SECRET)}`;
      const redactor = createRedactor([SECRET]);
      const stream = redactor.openStream();
      let told = "";
      for (let at = 0, n = 0; at < text.length; n++) {
        const length = lengths[n % lengths.length] ?? 1;
        told += stream.push(text.slice(at, at + length));
        at += length;
      }
      const whole = told + stream.end();
      if (!isAround(how)) return assert.equal(whole, redactor.redact(text));
      // the sign beside a value, which holds a few bits of it, may have gone before it was known
      const plain = (one: string) => one.replace(/[\w+/=-]*\[redacted\][\w+/=-]*/g, MARK);
      assert.equal(plain(whole), plain(redactor.redact(text)));
    }));
  });
}

Deno.test("a stream holds back nothing that cannot begin a value", () => {
  const stream = createRedactor(["sk-abcdef"]).openStream();
  assert.equal(stream.push("Hello, ask"), "Hello, a");
  assert.equal(stream.push("ing "), "sking ");
  assert.equal(stream.push("sk-abc"), "");
  assert.equal(stream.push("def!"), `${MARK}!`);
  assert.equal(stream.push("sk-"), "");
  assert.equal(stream.end(), "sk-");
});

Deno.test("redact() takes out values of four signs and leaves shorter ones", () => {
  const redactor = createRedactor(["", "no", "four"]);
  assert.equal(redactor.redact("no credits in four"), "no credits in [redacted]");
});

Deno.test("clean() goes through all texts of a value, its names too", () => {
  const value = { "key-of-mine": ["key-of-mine", 7, null, true, { deep: "a key-of-mine b" }] };
  assert.deepEqual(createRedactor(["key-of-mine"]).clean(value), {
    [MARK]: [MARK, 7, null, true, { deep: `a ${MARK} b` }],
  });
});

Deno.test("a live redactor takes out what comes to be known while the program runs", () => {
  let values: readonly string[] = ["first-value"];
  const redactor = createLiveRedactor(() => values);
  const stream = redactor.openStream();
  assert.equal(redactor.redact("first-value second-value"), "[redacted] second-value");
  values = [...values, "second-value"];
  assert.equal(redactor.redact("first-value second-value"), "[redacted] [redacted]");
  assert.equal(stream.push("second-value;"), "[redacted];");
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
    const redactor = createRedactor(["canary-of-nobody"]);
    assert.equal(redactor.redact(text), text);
    const stream = redactor.openStream();
    assert.equal(stream.push(text) + stream.end(), text);
  }));
});

Deno.test("a text made to be followed in many ways at once takes no longer than others", () => {
  const text = `${"%25".repeat(20_000)}${"\\\\u005c".repeat(300)}`;
  const redactor = createRedactor(["%".repeat(60) + "!", "\\".repeat(60) + "!"]);
  assert.equal(redactor.redact(text), text);
});
