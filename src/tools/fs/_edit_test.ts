import { assertKeepsPace } from "../../../tests/pace.ts";
import assert from "node:assert/strict";
import fc from "fast-check";
import { editText, findNearestLine } from "./_edit.ts";

const MIB = 1024 * 1024;

Deno.test("editing replaces the first occurrence alone and counts them all", () => {
  assert.deepEqual(editText("a cat, a cat", "cat", "dog"), {
    kind: "edited",
    text: "a dog, a cat",
    occurrences: 2,
  });
  assert.deepEqual(editText("aaaa", "aa", ""), { kind: "edited", text: "aa", occurrences: 2 });
});

Deno.test("what replaces is taken as it is, signs of patterns too", () => {
  assert.deepEqual(editText("price", "price", "$& $1 $$"), {
    kind: "edited",
    text: "$& $1 $$",
    occurrences: 1,
  });
});

Deno.test("the first occurrence is found where the language finds it", () => {
  const few = fc.string({ unit: fc.constantFrom("a", "b", "\n") });
  fc.assert(fc.property(few, few.filter((text) => text !== ""), (text, wanted) => {
    const edit = editText(text, wanted, "X");
    if (!text.includes(wanted)) return assert.equal(edit.kind, "absent");
    assert.ok(edit.kind === "edited");
    assert.equal(edit.text, text.replace(wanted, () => "X"));
    assert.equal(edit.occurrences, text.split(wanted).length - 1);
  }));
});

Deno.test("the nearest line is suggested, and nothing where nothing is near", () => {
  const text = "let total = 0;\nconst price = item.cost * 2;\nreturn total;\n";
  assert.equal(
    findNearestLine(text, "const price = item.costs * 2;"),
    "const price = item.cost * 2;",
  );
  assert.equal(findNearestLine(text, "\n  return totals;\n"), "return total;");
  assert.equal(findNearestLine(text, "völlig anderes"), undefined);
  assert.equal(findNearestLine("", "x"), undefined);
  assert.equal(findNearestLine("word", "   "), undefined);
});

for (
  const [kind, textOf, wantedOf] of [
    ["many short lines", (n) => "const value = 12;\n".repeat(n / 18), () => "const valve = 13;"],
    ["one long line", (n) => "abcdefgh".repeat(n / 8), () => "abcdxfgh".repeat(20)],
    ["a text that repeats itself", (n) => "a".repeat(n), (n) => `b${"a".repeat(n / 2)}`],
    ["a period against its shift", (n) => "ab".repeat(n / 2), (n) => `${"ba".repeat(n / 8)}c`],
    ["empty lines", (n) => "\n".repeat(n), () => "something"],
  ] as const satisfies readonly (readonly [string, (n: number) => string, (n: number) => string])[]
) {
  Deno.test(`an edit that finds nothing in ${kind} takes longer for 1 MiB by its size alone`, async () => {
    const edit = (size: number) => {
      const [text, wanted] = [textOf(size), wantedOf(size)];
      return () => assert.equal(editText(text, wanted, "x").kind, "absent");
    };
    await assertKeepsPace(edit(MIB), edit(MIB / 4), 12);
  });
}
