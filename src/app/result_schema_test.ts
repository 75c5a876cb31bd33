import assert from "node:assert/strict";
import { satisfies } from "./result_schema.ts";

Deno.test("satisfies() holds results against what their clam declared", async () => {
  const schema = { type: "object", required: ["reply"], properties: { reply: { type: "string" } } };
  assert.equal(await satisfies(schema, { reply: "x", data: { n: 1 } }), true);
  assert.equal(await satisfies(schema, { reply: 1 }), false);
  assert.equal(await satisfies(schema, "x"), false);
  assert.equal(await satisfies({ type: "string" }, "x"), true);
  assert.equal(await satisfies({ type: "string" }, undefined), false);
  assert.equal(await satisfies({ type: "nonsense" }, "x"), false);
});

Deno.test("satisfies() is not caught in a pattern that takes forever", async () => {
  const schema = { type: "string", pattern: "^(a+)+$" }; // 2^40 steps: nobody sees their end
  assert.equal(await satisfies(schema, `${"a".repeat(40)}!`), false);
});
