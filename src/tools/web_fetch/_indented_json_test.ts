import assert from "node:assert/strict";
import fc from "fast-check";
import { indentJson } from "./_indented_json.ts";

Deno.test("JSON is indented like JSON.stringify does", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const indented = JSON.stringify(value, null, 2);
    assert.equal(indentJson(JSON.stringify(value)), indented);
    assert.equal(indentJson(indented), indented);
  }));
  assert.equal(indentJson(' { "a" : [ ] , "b":{ }}\r\n'), '{\n  "a": [],\n  "b": {}\n}');
});

Deno.test("every value of JSON stays what it is, with all digits and equal names", () => {
  const text = '{"b":12345678901234567890,"a":1.0,"a":1e400,"2":-0,"1":"{\\"x\\": [1,2]}"}';
  assert.equal(
    indentJson(text),
    `{
  "b": 12345678901234567890,
  "a": 1.0,
  "a": 1e400,
  "2": -0,
  "1": "{\\"x\\": [1,2]}"
}`,
  );
  assert.equal(indentJson(String.raw`["\u00fc\/\ud800\\"]`), '[\n  "ü/\\ud800\\\\"\n]');
});

Deno.test("what is no JSON, or nested without end, stays as it is", () => {
  for (const text of ["", '{"a":', "{a: 1}", "[1,]", "NaN", "['a']", "1 2"]) {
    assert.equal(indentJson(text), text);
  }
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  assert.equal(indentJson(deep), deep);
});
