import type { Json, JsonObject } from "../domain/json.ts";
import type { Tool } from "./tool.ts";

/**
 * The tools as TypeScript declarations, for the model that writes programs: names, parameters,
 * results, and our own usage notes. The same tools always give the same text.
 */
export function declareTools(tools: readonly Tool[]): string {
  return tools.map(declareTool).join("\n\n");
}

/** One line for each tool, for the model that only has to know what can be done. */
export function summarizeTools(tools: readonly Tool[]): string {
  return tools.map(({ name, description }) => `- ${name}: ${oneLine(description)}`).join("\n");
}

function declareTool(tool: Tool): string {
  const notes = [tool.description, ...tool.guidance.split("\n")].filter((line) => line !== "");
  const comment = notes.map((line) => ` * ${line.replaceAll("*/", "* /")}`).join("\n");
  const parameters = typeOf(tool.parameters);
  const result = typeOf(tool.returns);
  return `/**\n${comment}\n */\ndeclare function ${tool.name}(args: ${parameters}): Promise<${result}>;`;
}

/** A JSON Schema as a type; what has no simple form is `unknown`. */
export function typeOf(schema: Json | undefined): string {
  if (schema === null || typeof schema !== "object" || Array.isArray(schema)) return "unknown";
  const { type, enum: values, anyOf, oneOf, items, properties, additionalProperties, const: one } =
    schema as JsonObject;
  if (one !== undefined) return JSON.stringify(one);
  if (Array.isArray(values)) return values.map((value: Json) => JSON.stringify(value)).join(" | ");
  const union = anyOf ?? oneOf;
  if (Array.isArray(union)) return union.map(typeOf).join(" | ");
  if (Array.isArray(type)) return type.map((name: Json) => typeOf({ type: name })).join(" | ");
  switch (type) {
    case "object":
      return objectType(properties, (schema as JsonObject).required, additionalProperties);
    case "array":
      return `${bracket(typeOf(items))}[]`;
    case "integer":
    case "number":
      return "number";
    case "string":
    case "boolean":
    case "null":
      return type;
    default:
      return "unknown";
  }
}

function bracket(type: string): string {
  return type.includes(" | ") ? `(${type})` : type;
}

function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function oneLine(note: string): string {
  return note.replace(/\s+/g, " ").replaceAll("*/", "* /");
}

function objectType(
  properties: Json | undefined,
  required: Json | undefined,
  additional: Json | undefined,
): string {
  const members = Object.entries((properties ?? {}) as JsonObject).map(([name, schema]) => {
    const optional = Array.isArray(required) && required.includes(name) ? "" : "?";
    const note = (schema as JsonObject | null)?.description;
    const comment = typeof note === "string" ? `/** ${oneLine(note)} */ ` : "";
    return `${comment}${memberName(name)}${optional}: ${typeOf(schema)}`;
  });
  if (members.length > 0) return `{ ${members.join("; ")} }`;
  return additional === false ? "{}" : `Record<string, ${typeOf(additional)}>`;
}
