import assert from "node:assert/strict";
import { assertKeepsPace } from "../../tests/pace.ts";
import type { JsonObject } from "../domain/json.ts";
import { readInputs } from "./inputs.ts";

const schema: JsonObject = {
  type: "object",
  properties: {
    symbol: { type: "string", pattern: "^[A-Za-z]{2,6}$" },
    days: { type: "integer", minimum: 1, default: 7 },
  },
  required: ["symbol"],
  additionalProperties: false,
};
const read = (given: JsonObject, inputs: JsonObject = {}, inputSchema = schema) =>
  readInputs({ inputs, inputSchema }, given);

Deno.test("given inputs lie over the clam's own, the schema fills the rest (A57)", async () => {
  assert.deepEqual(await read({ symbol: "ETH" }, { symbol: "BTC" }), {
    ok: true,
    inputs: { symbol: "ETH", days: 7 },
  });
  assert.deepEqual(await read({}, { symbol: "BTC", days: 2 }), {
    ok: true,
    inputs: { symbol: "BTC", days: 2 },
  });
});

for (
  const [what, given, field] of [
    ["missing", {}, "symbol"],
    ["of the wrong type", { symbol: 5 }, "symbol"],
    ["outside its pattern", { symbol: "B1" }, "symbol"],
    ["outside its range", { symbol: "BTC", days: 0 }, "days"],
    ["unknown", { symbol: "BTC", more: 1 }, "more"],
  ] as const
) {
  Deno.test(`an input that is ${what} is refused by name (A57)`, async () => {
    const result = await read(given);
    assert.ok(!result.ok);
    assert.equal(result.failure.code, "inputs_invalid");
    assert.match(result.failure.message, new RegExp(field));
  });
}

Deno.test("an empty schema allows any object", async () => {
  assert.deepEqual(await read({ a: 1 }, { b: 2 }, {}), { ok: true, inputs: { b: 2, a: 1 } });
});

for (
  const pattern of [
    "(a+)+$",
    "^(a|a)*$",
    "^(?:a?){30}$",
    "^([a-z]+\\d?)*$",
    "^(.*)\\1$",
    "^(?=.*a).*$",
    "((a*)b)*",
  ]
) {
  Deno.test(`a schema with the pattern ${pattern} is refused, not run`, async () => {
    const evil = { properties: { text: { type: "string", pattern } } };
    const result = await read({ text: "a".repeat(40) + "!" }, {}, evil);
    assert.ok(!result.ok);
    assert.match(result.failure.message, /input schema cannot be used: a pattern/);
  });
}

for (
  const pattern of [
    "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
    "^\\d{4}-\\d{2}-\\d{2}$",
    "^[A-Z]{2,5}(-[A-Z]{2,5})?$",
    "^(?:usd|eur)$",
    "^[(){}+*]+$",
  ]
) {
  Deno.test(`an ordinary pattern such as ${pattern} is checked, and long texts are not`, async () => {
    const plain = { properties: { text: { type: "string", pattern } } };
    const unfit = await read({ text: "a@b" }, {}, plain);
    assert.doesNotMatch(unfit.ok ? "" : unfit.failure.message, /schema cannot be used/);
    const text = "a@".repeat(500_000);
    const refuse = async (schema: JsonObject) =>
      assert.equal((await read({ text }, {}, schema)).ok, false);
    const short = { properties: { text: { type: "string", maxLength: 5 } } };
    await assertKeepsPace(() => refuse(plain), () => refuse(short), 100);
  });
}

for (
  const [what, broken] of [
    ["of a text", { type: "string" }],
    ["of an unknown type", { properties: { a: { type: "thing" } } }],
    ["with a broken pattern", { properties: { a: { type: "string", pattern: "(" } } }],
    ["with conditions", { properties: { a: { if: {}, then: {} } } }],
  ] as const
) {
  Deno.test(`a schema ${what} is a clear failure, not an exception`, async () => {
    const result = await read({ a: 1 }, {}, broken as unknown as JsonObject);
    assert.match(result.ok ? "" : result.failure.message, /The clam's input schema cannot be used/);
  });
}
