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
  const [kind, text, wanted] of [
    ["many short lines", "const value = 12;\n".repeat(MIB / 18), "const valve = 13;"],
    ["one long line", "abcdefgh".repeat(MIB / 8), "abcdxfgh".repeat(20)],
    ["a text that repeats itself", "a".repeat(MIB), `b${"a".repeat(MIB / 2)}`],
    ["a period against its shift", "ab".repeat(MIB / 2), `${"ba".repeat(MIB / 8)}c`],
    ["empty lines", "\n".repeat(MIB), "something"],
  ] as const
) {
  Deno.test(`an edit that finds nothing in 1 MiB of ${kind} says so within 200 ms`, () => {
    const took = [1, 2, 3].map(() => {
      const begun = performance.now();
      assert.equal(editText(text, wanted, "x").kind, "absent");
      return performance.now() - begun;
    });
    // the best of three, because other work of the machine counts too
    assert.ok(Math.min(...took) < 200, `took ${took.join(", ")} ms`);
  });
}
