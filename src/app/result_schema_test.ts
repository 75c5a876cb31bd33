import assert from "node:assert/strict";
import { vouchesFor } from "../agent/hollow.ts";
import type { Json, JsonObject } from "../domain/json.ts";
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

const object = (properties: JsonObject): JsonObject => ({
  type: "object",
  required: Object.keys(properties),
  properties,
});
const string = { type: "string" };
const PRICE: Json = { reply: "BTC costs 5.", data: { symbol: "BTC", price: 5, days: [1, 2] } };

Deno.test("vouchesFor() trusts schemas that ask for more than any sentence gives", async () => {
  const telling: [JsonObject, Json][] = [
    [{ type: "string", pattern: "\\d" }, "BTC costs 5."],
    [{ enum: ["yes", "no"] }, "yes"],
    [object({ reply: { type: "string", pattern: "costs" } }), PRICE],
    [object({ reply: string, data: object({ price: { type: "number" } }) }), PRICE],
    [
      object({ reply: string, data: object({ days: { type: "array", items: {}, minItems: 2 } }) }),
      PRICE,
    ],
    [object({ data: { type: "number" } }), { reply: "It is 5.", data: 5 }],
  ];
  for (const [schema, value] of telling) {
    assert.equal(await vouchesFor(schema, value, satisfies), true, JSON.stringify(schema));
  }
});

Deno.test("vouchesFor() trusts no schema that any sentence satisfies, and no other result", async () => {
  const idle: JsonObject[] = [
    {},
    string,
    { type: ["string", "object"] },
    { type: "string", minLength: 1 },
    { type: "string", minLength: 40 },
    { type: "string", pattern: "^.+$" },
    { type: "object" },
    object({ reply: string }),
    object({ reply: string, data: {} }),
    object({ reply: string, data: { type: "object" } }),
    object({ reply: string, data: object({ symbol: string }) }),
    object({ reply: string, data: { type: "object", properties: { price: { type: "number" } } } }),
    { anyOf: [string, object({ reply: { type: "string", pattern: "costs" } })] },
  ];
  for (const schema of idle) {
    for (const value of [PRICE, "BTC costs 5 and that is a sentence of some length."]) {
      assert.equal(await vouchesFor(schema, value, satisfies), false, JSON.stringify(schema));
    }
  }
  assert.equal(await vouchesFor({ const: "yes" }, "no", satisfies), false);
  assert.equal(await vouchesFor(object({ n: { type: "number" } }), { n: 1 }, satisfies), false);
});
