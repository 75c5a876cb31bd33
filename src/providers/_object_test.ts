import assert from "node:assert/strict";
import { assertKeepsPace } from "../../tests/pace.ts";
import fc from "fast-check";
import { readObject } from "./_object.ts";

Deno.test("readObject() reads an object that stands alone", () => {
  assert.deepEqual(readObject(' {"a": 1}\n'), { a: 1 });
});

Deno.test("readObject() reads an object in a fence, with any label and text around it", () => {
  for (const label of ["json", "JSON", "", "javascript"]) {
    const text = `Here it is:\n\`\`\`${label}\n{"a": {"b": [1, 2]}}\n\`\`\`\nAnything else?`;
    assert.deepEqual(readObject(text), { a: { b: [1, 2] } });
  }
});

Deno.test("readObject() is not confused by braces, quotes and fences inside strings", () => {
  const object = { script: 'async function run() { return "}" + `{`; }', note: "```json\n{}" };
  assert.deepEqual(readObject(`Sure! ${JSON.stringify(object)} Done. }`), object);
});

Deno.test("readObject() takes the answer, not the small example before it", () => {
  const text = 'For example {"a": 0}. My answer: {"decision": "chat", "reason": "greeting"}';
  assert.deepEqual(readObject(text), { decision: "chat", reason: "greeting" });
});

Deno.test("readObject() does not make half an object out of one that was cut off", () => {
  assert.equal(readObject('{"decision": "chat", "inputs": {"a": 1'), undefined);
  assert.equal(readObject('{"decision": "chat", "inputs": {"a": 1}, "reas'), undefined);
  assert.equal(readObject('```json\n{"script": "async function'), undefined);
  assert.equal(readObject('As in {"a": 0}: {"decision": "chat", "reas'), undefined);
});

Deno.test("readObject() does not take a part of something that is no JSON for the answer", () => {
  assert.equal(readObject('{decision: "chat", inputs: {"a": 1}}'), undefined);
  assert.deepEqual(readObject('function run() { return {"a": 1}; }\n{"b": 2}'), { b: 2 });
});

Deno.test("readObject() finds nothing in prose, lists and plain values", () => {
  for (const text of ["", "no", "[1, 2]", "null", "{not json}", "}{"]) {
    assert.equal(readObject(text), undefined, text);
  }
});

Deno.test("readObject() returns in time on long hostile text", async () => {
  const reading = (unit: string) => () => readObject(unit.repeat(200_000 / unit.length));
  for (const hostile of ["{", '{"', '{"a":']) {
    await assertKeepsPace(reading(hostile), reading('{"a": 1} '), 500, hostile);
  }
});

Deno.test("readObject() reads back every object from prose", () => {
  const prose = fc.string().map((text) => text.replace(/[{}"]/g, ""));
  fc.assert(
    fc.property(
      prose,
      fc.dictionary(fc.string(), fc.jsonValue()),
      prose,
      (before, object, after) => {
        const json = JSON.stringify(object);
        assert.deepEqual(readObject(`${before}${json}${after}`), JSON.parse(json));
      },
    ),
  );
});
