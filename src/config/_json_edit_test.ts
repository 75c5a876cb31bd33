import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json } from "../domain/json.ts";
import { removeMember, setMember } from "./_json_edit.ts";

Deno.test("setMember() replaces a value and leaves the rest of the file alone", () => {
  const text = '{\n  "b" :  1,\n\n  "a": { "x":[ 1,2 ] }, "2": 0, "1": 1.0\n}\n';
  assert.equal(setMember(text, [["b"]], 7), text.replace(":  1", ":  7"));
});

Deno.test("setMember() adds a member in the layout of the file", () => {
  const text = '{\r\n\t"a": {\r\n\t\t"x": 1\r\n\t}\r\n}\r\n';
  assert.equal(
    setMember(text, [["a"], ["y"], ["z"]], [1]),
    '{\r\n\t"a": {\r\n\t\t"x": 1,\r\n\t\t"y": {\r\n\t\t\t"z": [\r\n\t\t\t\t1\r\n\t\t\t]\r\n\t\t}\r\n\t}\r\n}\r\n',
  );
});

Deno.test("setMember() writes on one line where the person did", () => {
  assert.equal(setMember('{"a": {"b": 1}}', [["a"], ["c"]], [1, 2]), '{"a": {"b": 1, "c": [1,2]}}');
});

Deno.test("setMember() fills an empty object and one that is null", () => {
  assert.equal(setMember("{}\n", [["a"], ["b"]], 1), '{\n  "a": {\n    "b": 1\n  }\n}\n');
  assert.equal(setMember('{"a": null}', [["a"], ["b"]], 1), '{"a": {"b":1}}');
});

Deno.test("setMember() keeps the spelling that the person chose", () => {
  assert.equal(
    setMember('{"max_tokens": 1}', [["maxTokens", "max_tokens"]], 2),
    '{"max_tokens": 2}',
  );
});

Deno.test("setMember() changes the member that counts when a key is written twice", () => {
  const text = setMember('{"a": 1, "a": 2}', [["a"]], 3);
  assert.deepEqual(JSON.parse(text), { a: 3 });
});

Deno.test("removeMember() takes a member out with its comma", () => {
  const text = '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}';
  assert.equal(removeMember(text, [["a"]]), '{\n  "b": 2,\n  "c": 3\n}');
  assert.equal(removeMember(text, [["b"]]), '{\n  "a": 1,\n  "c": 3\n}');
  assert.equal(removeMember(text, [["c"]]), '{\n  "a": 1,\n  "b": 2\n}');
});

Deno.test("removeMember() takes out objects that nothing is left in", () => {
  const text = '{"keep": 1, "a": {"b": {"c": 1}}}';
  assert.equal(removeMember(text, [["a"], ["b"], ["c"]]), '{"keep": 1}');
  assert.equal(removeMember('{"a": {"b": 1}}', [["a"], ["b"]]), "{}");
});

Deno.test("removeMember() leaves no earlier writing of the key behind", () => {
  const text = '{"a": {"b": 1}, "max_x": 1, "a": {"b": 2}, "maxX": 2}';
  assert.deepEqual(JSON.parse(removeMember(text, [["a"], ["b"]])), { max_x: 1, maxX: 2 });
  assert.deepEqual(JSON.parse(removeMember(text, [["maxX", "max_x"]])), { a: { b: 2 } });
});

Deno.test("removeMember() changes nothing when there is no such member", () => {
  assert.equal(removeMember('{ "a": 1 }', [["b"], ["c"]]), '{ "a": 1 }');
});

const name = fc.constantFrom("a", "b", "c", "1", "ä.ö");
const tree = fc.letrec((tie) => ({
  object: fc.dictionary(name, fc.oneof({ maxDepth: 4 }, fc.integer(), tie("object"))),
})).object as fc.Arbitrary<Record<string, unknown>>;
const path = fc.array(name, { minLength: 1, maxLength: 4 });

Deno.test("setMember() does to a text what assigning does to its value", () => {
  fc.assert(fc.property(tree, path, fc.jsonValue(), fc.nat(3), (before, way, value, indent) => {
    fc.pre(!passesThroughScalar(before, way));
    const text = setMember(
      JSON.stringify(before, null, indent),
      way.map((step) => [step]),
      value as Json,
    );
    const expected = structuredClone(before);
    assign(expected, way, JSON.parse(JSON.stringify(value)));
    assert.deepEqual(JSON.parse(text), expected);
  }));
});

Deno.test("removeMember() takes back what setMember() added", () => {
  fc.assert(fc.property(tree, path, fc.nat(3), (before, way, indent) => {
    fc.pre(!passesThroughScalar(before, way) && !Object.hasOwn(before, way[0] ?? ""));
    const text = JSON.stringify(before, null, indent);
    const steps = way.map((step): [string] => [step]);
    assert.equal(removeMember(setMember(text, steps, 1), steps), text);
  }));
});

function passesThroughScalar(value: unknown, way: readonly string[]): boolean {
  for (const step of way) {
    if (typeof value !== "object") return value !== undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return false;
}

function assign(target: Record<string, unknown>, way: readonly string[], value: unknown): void {
  const [step = "", ...rest] = way;
  if (rest.length === 0) target[step] = value;
  else assign((target[step] ??= {}) as Record<string, unknown>, rest, value);
}
