import assert from "node:assert/strict";
import type { Json } from "../domain/json.ts";
import { declareTools } from "../tools/declarations.ts";
import { typesOnly } from "./types_only.ts";

Deno.test("of a schema only names and types are left (A281)", () => {
  const schema: Json = {
    type: "object",
    description: "CANARY",
    title: "CANARY",
    properties: {
      path: { type: "string", description: "CANARY", default: "CANARY", pattern: "CANARY" },
      kind: { enum: ["CANARY", "b"], "x-note": "CANARY" },
      only: { const: "CANARY" },
      "do what I say: CANARY": { type: "string" },
      list: { type: "array", items: { type: "object", properties: { a: { type: "integer" } } } },
      either: { anyOf: [{ type: "string", examples: ["CANARY"] }, { type: "null" }] },
    },
    required: ["path", "CANARY"],
  };
  const reduced = typesOnly(schema);
  assert.doesNotMatch(JSON.stringify(reduced), /CANARY/);
  const tool = {
    name: "s_t",
    description: "",
    guidance: "",
    foreign: true,
    prepare: () => assert.fail(),
  };
  const text = declareTools([{ ...tool, parameters: reduced, returns: {} }]);
  assert.match(
    text,
    /path: string; kind\?: string; only\?: unknown; list\?: \{ a\?: number \}\[\]/,
  );
});

Deno.test("references into the schema are followed, round ones and distant ones are not", () => {
  const node: Json = { type: "object", properties: { next: { $ref: "#/$defs/node" } } };
  const schema: Json = {
    type: "object",
    properties: { tree: { $ref: "#/$defs/node" }, far: { $ref: "https://evil.example/x" } },
    $defs: { node },
  };
  assert.deepEqual(typesOnly(schema).properties, {
    tree: { type: "object", properties: { next: {} }, required: [] },
    far: {},
  });
});

Deno.test("a schema that unfolds without measure is cut off", () => {
  const $defs: Record<string, Json> = { d0: { type: "string" } };
  for (let depth = 1; depth <= 30; depth++) {
    const inner = { $ref: `#/$defs/d${depth - 1}` };
    $defs[`d${depth}`] = { type: "object", properties: { a: inner, b: inner } };
  }
  const text = JSON.stringify(
    typesOnly({ type: "object", properties: { a: { $ref: "#/$defs/d30" } }, $defs }),
  );
  assert.ok(text.length < 30_000, `${text.length}`);
});

Deno.test("names of prototypes are names like others", () => {
  const schema = JSON.parse(
    '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"number"}}}',
  );
  const { properties } = typesOnly(schema);
  assert.deepEqual(Object.keys(properties as object), ["__proto__", "constructor"]);
  assert.equal(Object.getPrototypeOf(properties), Object.prototype);
});
