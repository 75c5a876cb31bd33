import assert from "node:assert/strict";
import { formatPlace, parsePlace, shownForms } from "./secret_place.ts";

Deno.test("places read as they were written", () => {
  for (const text of ["bearer", "basic", "basic:me", "header:X-Api-Key", "query:api_key"]) {
    assert.equal(formatPlace(parsePlace(text)), text);
  }
});

Deno.test("what is no place is refused with a sentence", () => {
  for (
    const text of [
      "",
      "Bearer",
      "bearer:x",
      "basic:",
      "basic:a:b",
      "header",
      "header:",
      "header:X Y",
      "header:Host",
      "header:content-length",
      "header:Proxy-Authorization",
      "header:X\r\nY",
      "query:",
      "query:a=b",
      "query:a&b",
      "cookie:x",
    ]
  ) {
    assert.throws(() => parsePlace(text), { code: "usage", message: /place of a secret/ }, text);
  }
});

Deno.test("what Basic makes of a value, and the password in it, are not to be shown either", () => {
  const forms = (value: string, place: string) => shownForms(value, [parsePlace(place)]);
  assert.deepEqual(forms("secret", "bearer"), ["secret"]);
  assert.deepEqual(forms("secret", "basic:me"), ["secret", "me:secret"]);
  assert.deepEqual(forms("me:secret", "basic"), ["me:secret", "me:secret", "secret"]);
  assert.deepEqual(forms("secret", "basic"), ["secret", "secret:"]);
});
