import assert from "node:assert/strict";
import fc from "fast-check";
import { assertKeepsPace } from "../../tests/pace.ts";
import { positionsIn, readJson } from "./_json_text.ts";

Deno.test("readJson() reads what JSON.stringify() writes", () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(4), (value, indent) => {
    const text = JSON.stringify(value, null, indent);
    const reading = readJson(text);
    assert.equal(reading.kind, "ok");
    if (reading.kind === "ok") {
      assert.equal(JSON.stringify(reading.node.value), JSON.stringify(value));
    }
  }));
});

Deno.test("readJson() takes exactly the texts that JSON.parse() takes", () => {
  const pieces = ["{", "}", "[", "]", ",", ":", '"', '"a"', "1", "-0.5e3", "01", "true", "null"];
  const more = ["\\", "\\u00e9", "\n", " ", "\t", "\u0001", "\u007f", "\ud800", "x", "'", "//"];
  const text = fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 12 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (candidate) => {
      assert.equal(readJson(candidate).kind === "ok", parses(candidate), candidate);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("readJson() knows where every member stands", () => {
  const text = '{ "a": [1, {"b": null}], "c" : "d" }';
  const reading = readJson(text);
  assert(reading.kind === "ok" && reading.node.members);
  const shown = reading.node.members.map(({ key, start, node }) =>
    `${key}: ${text.slice(start, start + 3)} ${text.slice(node.start, node.end)}`
  );
  assert.deepEqual(shown, ['a: "a" [1, {"b": null}]', 'c: "c" "d"']);
});

Deno.test("readJson() says what is wrong and where", () => {
  const mistakes: readonly (readonly [string, string])[] = [
    ["", "1:1 expected a value, but the file ends here"],
    ['{\n  "a": 1\n  "b": 2\n}', '3:3 expected "," or "}"'],
    ['{\n  "a": 1,\n}', '2:9 this "," has nothing after it'],
    ['{"a": 1', '1:8 expected "," or "}", but the file ends here'],
    ['{\n "a": "x\n}', '2:7 this text has no closing "'],
    ['{"a": "C:\\dir"}', "1:10 this escape is not known in JSON"],
    ['{"a": "\t"}', "1:8 control characters must be escaped in a text"],
    ["{a: 1}", '1:2 expected a key in "…"'],
    ["{'a': 1}", `1:2 expected a key in "…"; JSON wants " around texts`],
    ["// mine\n{}", "1:1 expected a value; JSON has no comments"],
    ['{"a" 1}', '1:6 expected ":"'],
    ["{} {}", "1:4 expected the end of the file"],
    ["[".repeat(80), "1:66 this is nested too deeply"],
  ];
  for (const [text, expected] of mistakes) {
    const reading = readJson(text);
    assert(reading.kind === "broken", text);
    const { line, column } = positionsIn(text)(reading.offset);
    assert.equal(`${line}:${column} ${reading.message}`, expected);
  }
});

Deno.test("readJson() passes over a byte order mark", () => {
  assert.equal(readJson('\ufeff{"a": 1}').kind, "ok");
});

Deno.test("readJson() keeps a member called __proto__ away from the prototype", () => {
  const reading = readJson('{"__proto__": {"polluted": true}}');
  assert(reading.kind === "ok");
  assert.equal((reading.node.value as Record<string, unknown>)["polluted"], undefined);
});

Deno.test("positionsIn() finds every line and column, however long the text", async () => {
  const text = "a\n\nbcd\n";
  const found = [...text, ""].map((_, offset) => positionsIn(text)(offset));
  assert.deepEqual(
    found.map(({ line, column }) => `${line}:${column}`),
    ["1:1", "1:2", "2:1", "3:1", "3:2", "3:3", "3:4", "4:1"],
  );
  const [short, long] = ["1,\n".repeat(10), "1,\n".repeat(30_000)].map((one) => () => {
    const positionOf = positionsIn(one);
    for (let n = 0; n < 2_000; n++) positionOf(one.length - 1);
  });
  assert(short && long);
  await assertKeepsPace(long, short, 100);
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
