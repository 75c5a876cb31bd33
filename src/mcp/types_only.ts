import type { Json, JsonObject } from "../domain/json.ts";

// What a server says of its tools may speak to the model that writes programs. Until the person has
// approved the wording, of a schema only names and types are left.

/** Members of one object, and schemas of one whole, at most. */
const MOST_MEMBERS = 64;
const MOST_SCHEMAS = 300;
const TYPES: readonly Json[] = [
  ...["object", "array", "string", "number", "integer", "boolean", "null"],
];
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** Names and types of a schema. What has no simple form may be anything. */
export function typesOnly(schema: Json): JsonObject {
  let left = MOST_SCHEMAS;
  const reduce = (value: Json, root: JsonObject, followed: readonly string[]): JsonObject => {
    if (!isObject(value) || --left < 0) return {};
    const { $ref } = value;
    if (typeof $ref === "string") {
      const target = followed.includes($ref) ? undefined : resolve($ref, root);
      return target === undefined ? {} : reduce(target, root, [...followed, $ref]);
    }
    const union = value.anyOf ?? value.oneOf;
    if (Array.isArray(union) && union.length <= 8) {
      return { anyOf: union.map((one: Json) => reduce(one, root, followed)) };
    }
    const type = typeOf(value);
    switch (type) {
      case "object":
        return objectOf(value, (inner) => reduce(inner, root, followed));
      case "array":
        return { type, items: reduce(value.items ?? {}, root, followed) };
      default:
        return type === undefined ? {} : { type };
    }
  };
  return isObject(schema) ? reduce(schema, schema, []) : {};
}

function typeOf({ type, properties, enum: values }: JsonObject): Json | undefined {
  if (TYPES.includes(type as Json)) return type;
  if (Array.isArray(type)) return type.filter((one: Json) => TYPES.includes(one));
  if (isObject(properties)) return "object";
  const isOfTexts = Array.isArray(values) && values.every((one) => typeof one === "string");
  return isOfTexts ? "string" : undefined;
}

/** A member whose name is more than a name is left out; the tool still takes it. */
function objectOf(value: JsonObject, reduce: (inner: Json) => JsonObject): JsonObject {
  const { properties, required, additionalProperties } = value;
  const members = Object.entries(isObject(properties) ? properties : {})
    .filter(([name]) => NAME.test(name)).slice(0, MOST_MEMBERS);
  if (members.length === 0) {
    return {
      type: "object",
      additionalProperties: isObject(additionalProperties) ? reduce(additionalProperties) : {},
    };
  }
  const names = members.map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(members.map(([name, inner]) => [name, reduce(inner)])),
    required: Array.isArray(required)
      ? required.filter((name: Json) => names.includes(name as string))
      : [],
  };
}

/** Only what stands in the schema itself; nothing is ever fetched. */
function resolve(ref: string, root: JsonObject): Json | undefined {
  if (!ref.startsWith("#/")) return undefined;
  const steps = ref.slice(2).split("/").map((one) =>
    one.replaceAll("~1", "/").replaceAll("~0", "~")
  );
  return steps.reduce<Json | undefined>(
    (at, step) => isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined,
    root,
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
