import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json, JsonObject } from "../domain/json.ts";
import { fingerprint } from "./fingerprint.ts";

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const args = fc.dictionary(fc.string(), json, { maxKeys: 5 })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

/** The same value with the keys of all its objects the other way round. */
function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map(turned);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, inner]) => [key, turned(inner)]));
}

Deno.test("A115: a fingerprint is a whole SHA-256, and the order of keys is nothing to it", () =>
  fc.assert(fc.asyncProperty(fc.string(), args, async (tool, one) => {
    const print = await fingerprint(tool, one);
    assert.match(print, /^[0-9a-f]{64}$/);
    assert.equal(await fingerprint(tool, turned(one) as JsonObject), print);
  })));

Deno.test("A115: another value, key or tool is another fingerprint", () =>
  fc.assert(fc.asyncProperty(args, fc.string(), json, async (one, key, value) => {
    const print = await fingerprint("fs", one);
    const changed = JSON.parse(JSON.stringify({ ...one, [key]: value })) as JsonObject;
    const isSame = isEqual(changed, one);
    assert.equal(await fingerprint("fs", changed) === print, isSame);
    assert.notEqual(await fingerprint("f", one), print);
  })));

function isEqual(one: Json, other: Json): boolean {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
}
