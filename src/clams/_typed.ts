import type { Json, JsonObject } from "../domain/json.ts";

/** Which bounds speak of which type. */
const BOUNDS: readonly (readonly [type: string, bounds: readonly string[]])[] = [
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
  ["string", ["pattern", "minLength", "maxLength"]],
  ["array", ["minItems", "maxItems", "items"]],
];
/** Keys whose members are schemas, and keys that are lists of them. */
const NAMED = ["properties", "patternProperties", "$defs", "definitions"];
const LISTED = ["allOf", "anyOf", "oneOf", "prefixItems"];
const SINGLE = ["items", "additionalProperties", "contains"];

/**
 * The schema with a type wherever it states bounds and no type: who writes `{"maximum": 10}` means a
 * number, and without a type the bound would hold nobody.
 */
export function withTypes(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, within(key, value)]),
  );
  const types = BOUNDS.filter(([, bounds]) => bounds.some((key) => Object.hasOwn(schema, key)))
    .map(([type]) => type);
  const isSaid = ["type", "enum", "const", "$ref"].some((key) => Object.hasOwn(schema, key));
  return isSaid || types.length === 0
    ? inner
    : { type: types.length === 1 ? types[0] as string : types, ...inner };
}

function within(key: string, value: Json): Json {
  if (SINGLE.includes(key)) return withTypes(value);
  if (LISTED.includes(key)) return Array.isArray(value) ? value.map(withTypes) : value;
  if (!NAMED.includes(key) || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withTypes(one)]));
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
