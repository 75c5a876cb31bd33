import assert from "node:assert/strict";
import fc from "fast-check";
import { byteLength, isLarger } from "./_bytes.ts";
import { createPrinted, CUT_MARK } from "./_console.ts";

Deno.test("createPrinted() keeps whole characters up to its bytes, then one mark", () => {
  const printed = createPrinted(8);
  printed.add("ab");
  assert.deepEqual(printed.take(), ["ab"]);
  printed.add("ääää");
  printed.add("never");
  assert.deepEqual(printed.take(), ["ää", CUT_MARK]);
  assert.deepEqual(printed.take(), []);
});

Deno.test("createPrinted() never keeps more than its bytes and a mark", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), fc.nat(50), (lines, limit) => {
      const printed = createPrinted(limit);
      lines.forEach((line) => printed.add(line));
      const kept = printed.take().filter((line) => line !== CUT_MARK);
      assert.ok(kept.reduce((sum, line) => sum + byteLength(line) + 1, 0) <= limit || limit === 0);
    }),
  );
});

Deno.test("isLarger() agrees with the encoded length", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(60), (text, limit) => {
      assert.equal(isLarger(text, limit), byteLength(text) > limit);
    }),
  );
});
