import assert from "node:assert/strict";
import * as z from "zod";
import type { JsonObject } from "../domain/json.ts";
import { toParameters } from "./_arguments.ts";
import { declareTools } from "./declarations.ts";
import type { Tool } from "./tool.ts";

function toolWith(parameters: z.ZodType, returns: z.ZodType, guidance = ""): Tool {
  return {
    name: "page",
    description: "Reads a page.",
    parameters: toParameters(() => parameters),
    returns: toParameters(() => returns),
    foreign: false,
    guidance,
    prepare: () => Promise.reject(new Error("not called")),
  };
}

Deno.test("A155: a tool is declared with its notes, its parameters and its result", () => {
  const parameters = z.strictObject({
    url: z.string().describe("Complete address"),
    max: z.int().default(5),
    mode: z.enum(["fast", "slow"]).optional(),
  });
  const returns = z.object({ lines: z.array(z.string().nullable()), ok: z.literal(true) });
  assert.equal(
    declareTools([toolWith(parameters, returns, "First note.\nSecond note.")]),
    `/**
 * Reads a page.
 * First note.
 * Second note.
 */
declare function page(args: { /** Complete address */ url: string; max?: number; mode?: "fast" | "slow" }): Promise<{ lines: (string | null)[]; ok: true }>;`,
  );
});

Deno.test("the same tools always have the same declarations", () => {
  const tool = toolWith(z.strictObject({ a: z.string() }), z.object({}));
  assert.equal(declareTools([tool, tool]), declareTools([{ ...tool }, { ...tool }]));
});

Deno.test("notes cannot end the comment that they stand in", () => {
  const text = declareTools([
    toolWith(z.strictObject({ crab: z.string().describe("x */ y") }), z.object({}), "a */ b"),
  ]);
  assert.equal(text.match(/\*\//g)?.length, 2); // the two comments themselves
});

Deno.test("maps, unions and the unknown have a type too", () => {
  const returns = z.object({
    headers: z.record(z.string(), z.string()),
    object: z.record(z.string(), z.unknown()),
    either: z.union([z.string(), z.number()]),
    any: z.unknown(),
  });
  const text = declareTools([toolWith(z.strictObject({}), returns)]);
  assert.match(text, /args: \{\}/);
  assert.match(text, /headers: Record<string, string>/);
  assert.match(text, /object: Record<string, unknown>/);
  assert.match(text, /either: string \| number/);
  assert.match(text, /any\??: unknown/);
});

Deno.test("a schema from elsewhere cannot break the declaration", () => {
  const strange: JsonObject = {
    type: "object",
    properties: { "a-b; evil(): void": { type: "string" }, ok: true, deep: { $ref: "#" } },
  };
  const tool = { ...toolWith(z.strictObject({}), z.object({})), parameters: strange };
  const text = declareTools([tool]);
  assert.ok(text.includes('"a-b; evil(): void"?: string'), text);
});
