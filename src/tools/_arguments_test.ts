import assert from "node:assert/strict";
import * as z from "zod";
import type { JsonObject } from "../domain/json.ts";
import { CodedError } from "../domain/failure.ts";
import { readArguments, toParameters } from "./_arguments.ts";

const schema = z.strictObject({
  url: z.string().min(1),
  max_chars: z.int().min(1).default(100),
  mode: z.enum(["fast", "slow"]).optional(),
  auth: z.strictObject({ name: z.string() }).optional(),
});

function complaint(args: JsonObject): string {
  try {
    readArguments("page", () => schema, args);
  } catch (error) {
    assert.ok(error instanceof CodedError && error.code === "tool_arguments_invalid");
    return error.message;
  }
  throw new Error("nothing was wrong");
}

Deno.test("readArguments() fills in defaults", () => {
  assert.deepEqual(readArguments("page", () => schema, { url: "x" }), { url: "x", max_chars: 100 });
});

Deno.test("A109: readArguments() names the field that is missing or wrong, and what is expected", () => {
  assert.equal(complaint({}), 'page: argument "url" is missing: expected string.');
  assert.equal(complaint({ url: 7 }), 'page: argument "url": expected string.');
  assert.match(complaint({ url: "x", max_chars: 0 }), /^page: argument "max_chars": .*>=1\.$/);
  assert.match(complaint({ url: "x", mode: "up" }), /^page: argument "mode": .*"fast"\|"slow"\.$/);
  assert.equal(
    complaint({ url: "x", auth: { name: 1 } }),
    'page: argument "auth.name": expected string.',
  );
});

Deno.test("A109: readArguments() names an unknown argument and the nearest that exists", () => {
  assert.equal(
    complaint({ url: "x", max_char: 5 }),
    'page: there is no argument "max_char"; perhaps "max_chars" was meant.',
  );
  assert.equal(
    complaint({ url: "x", colour: 5 }),
    'page: there is no argument "colour"; there are url, max_chars, mode, auth.',
  );
  assert.equal(
    complaint({ url: "x", auth: { name: "n", extra: 1 } }),
    'page: there is no argument "extra" in "auth".',
  );
});

Deno.test("readArguments() takes names of the prototype for what they are: unknown", () => {
  assert.match(complaint(JSON.parse('{"url":"x","__proto__":1}')), /no argument "__proto__"/);
  assert.match(complaint({ url: "x", constructor: 1 }), /no argument "constructor"/);
});

Deno.test("readArguments() does not repeat a very long name", () => {
  assert.ok(complaint({ url: "x", ["k".repeat(10_000)]: 1 }).length < 200);
});

Deno.test("toParameters() is an object schema whose defaults need not be sent", () => {
  const parameters = toParameters(() => schema);
  assert.equal(parameters.type, "object");
  assert.equal(parameters.additionalProperties, false);
  assert.deepEqual(parameters.required, ["url"]);
  assert.equal("$schema" in parameters, false);
});
