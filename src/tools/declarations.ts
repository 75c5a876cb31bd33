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
  // what the notes speak of needs no comment of its own; results speak for themselves by their names
  const isSaid = (name: string) => new RegExp(`\\b${name}\\b`).test(tool.guidance);
  const parameters = typeOf(tool.parameters, (name) => !isSaid(name));
  const result = typeOf(tool.returns, () => false);
  return `/**\n${comment}\n */\ndeclare function ${tool.name}(args: ${parameters}): Promise<${result}>;`;
}

/** Whether a member's description is shown beside it. */
type IsShown = (name: string) => boolean;

/** A JSON Schema as a type; what has no simple form is `unknown`. */
export function typeOf(schema: Json | undefined, isShown: IsShown = () => true): string {
  if (schema === null || typeof schema !== "object" || Array.isArray(schema)) return "unknown";
  const { type, enum: values, anyOf, oneOf, items, const: one } = schema as JsonObject;
  if (one !== undefined) return JSON.stringify(one);
  if (Array.isArray(values)) return values.map((value: Json) => JSON.stringify(value)).join(" | ");
  const union = anyOf ?? oneOf;
  if (Array.isArray(union)) return union.map((one: Json) => typeOf(one, isShown)).join(" | ");
  if (Array.isArray(type)) return type.map((name: Json) => typeOf({ type: name })).join(" | ");
  switch (type) {
    case "object":
      return objectType(schema as JsonObject, isShown);
    case "array":
      return `${bracket(typeOf(items, isShown))}[]`;
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
  { properties, required, additionalProperties: additional }: JsonObject,
  isShown: IsShown,
): string {
  const members = Object.entries((properties ?? {}) as JsonObject).map(([name, schema]) => {
    const optional = Array.isArray(required) && required.includes(name) ? "" : "?";
    const note = (schema as JsonObject | null)?.description;
    const comment = typeof note === "string" && isShown(name) ? `/** ${oneLine(note)} */ ` : "";
    return `${comment}${memberName(name)}${optional}: ${typeOf(schema, isShown)}`;
  });
  if (members.length > 0) return `{ ${members.join("; ")} }`;
  return additional === false ? "{}" : `Record<string, ${typeOf(additional, isShown)}>`;
}
