import assert from "node:assert/strict";
import { assertKeepsPace } from "../../tests/pace.ts";
import fc from "fast-check";
import { countChanges, unifiedDiff } from "./diff.ts";

Deno.test("equal texts have no diff", async () => {
  assert.equal(await unifiedDiff("a\nb\n", "a\nb\n", "x"), "");
});

Deno.test("a change is shown with three lines around it, as other programs write it", async () => {
  const before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  assert.equal(
    await unifiedDiff(before, before.replace("5\n", "five\n"), "note.txt"),
    "--- note.txt\n+++ note.txt\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
  );
});

Deno.test("changes far from each other stand in hunks of their own", async () => {
  const lines = Array.from({ length: 40 }, (_, index) => `${index}`);
  const after = lines.with(2, "two").with(30, "thirty");
  const diff = await unifiedDiff(lines.join("\n"), after.join("\n"), "x");
  assert.deepEqual(diff.match(/^@@.*$/gm), ["@@ -1,6 +1,6 @@", "@@ -28,7 +28,7 @@"]);
});

Deno.test("a new file is all added, an emptied one all removed", async () => {
  assert.equal(await unifiedDiff("", "a\nb\n", "x"), "--- x\n+++ x\n@@ -0,0 +1,2 @@\n+a\n+b\n");
  assert.equal(await unifiedDiff("a\n", "", "x"), "--- x\n+++ x\n@@ -1 +0,0 @@\n-a\n");
});

Deno.test("a line feed at the end that comes or goes is a change", async () => {
  assert.equal(
    await unifiedDiff("a", "a\n", "x"),
    "--- x\n+++ x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n",
  );
});

Deno.test("the changed lines are counted, whatever they look like", async () => {
  const diff = await unifiedDiff("-- a\n++ b\nsame\n", "same\n++ c\n", "x");
  assert.deepEqual(countChanges(diff), { removed: 2, added: 1 });
});

const text = fc.array(fc.constantFrom("a", "b", "", "-c", "+d")).map((lines) => lines.join("\n"));

Deno.test("what a diff says can be done to the text before, and gives the text after", async () => {
  await fc.assert(fc.asyncProperty(text, text, async (before, after) => {
    assert.equal(applyDiff(before, await unifiedDiff(before, after, "x")), after);
  }));
});

Deno.test("texts of a megabyte that have nothing in common are compared in bounded time", async () => {
  const lines = (word: string, length: number) =>
    Array.from({ length }, (_, index) => `${word} ${index} ${"x".repeat(12)}`).join("\n");
  const compare = (length: number) => async () => {
    const diff = await unifiedDiff(lines("old", length), lines("new", length), "x");
    assert.deepEqual(countChanges(diff), { removed: length, added: length });
  };
  await assertKeepsPace(compare(40_000), compare(4_000), 40, "ten times as many lines");
});

Deno.test("texts of very many short lines have a diff like any other", async () => {
  const lines = (word: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${word}${index.toString(36)}\n`).join("");
  const diff = await unifiedDiff(lines("", 170_000), lines("new ", 40_000), "x");
  assert.deepEqual(countChanges(diff), { removed: 170_000, added: 40_000 });
});

/** Reads a diff as `patch` does. */
function applyDiff(before: string, diff: string): string {
  if (diff === "") return before;
  const old = before.split("\n");
  const result: string[] = [];
  let at = 0;
  for (const hunk of diff.split(/^(?=@@)/m).slice(1)) {
    const [head = "", ...lines] = hunk.replace(/\n$/, "").split("\n");
    const [, start = "", count] = /^@@ -(\d+)(?:,(\d+))?/.exec(head) ?? [];
    const first = count === "0" ? Number(start) : Number(start) - 1;
    result.push(...old.slice(at, first).map((line) => `${line}\n`));
    at = first + (count === undefined ? 1 : Number(count));
    lines.forEach((line, index) => {
      const isMark = line.startsWith("\\");
      if (isMark && !lines[index - 1]?.startsWith("-")) {
        result.push((result.pop() ?? "").slice(0, -1));
      } else if (!isMark && !line.startsWith("-")) result.push(`${line.slice(1)}\n`);
    });
  }
  const rest = old.slice(at).join("\n");
  return result.join("") + rest;
}
