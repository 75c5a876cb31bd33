import assert from "node:assert/strict";
import fc from "fast-check";
import { wrapLine } from "./wrap.ts";

Deno.test("wrapLine() leaves a short line as it is and breaks a long one at the width", () => {
  assert.deepEqual(wrapLine("short", 20), ["short"]);
  assert.deepEqual(wrapLine("", 20), [""]);
  assert.deepEqual(wrapLine("x".repeat(45), 20), ["x".repeat(20), "x".repeat(20), "xxxxx"]);
});

Deno.test("wrapLine() counts wide characters twice and keeps an emoji together", () => {
  assert.deepEqual(wrapLine("漢".repeat(12), 20), ["漢".repeat(10), "漢".repeat(2)]);
  assert.deepEqual(wrapLine(`${"x".repeat(18)}👨‍👩‍👧`, 20), ["x".repeat(18), "👨‍👩‍👧"]);
});

Deno.test("wrapLine() loses and adds nothing", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 10, max: 99 }),
      (line, columns) => {
        assert.equal(wrapLine(line, columns).join(""), line);
      },
    ),
  );
});
