import type { Json, JsonObject } from "../domain/json.ts";
import { canonicalJson, sha256Hex } from "../text/canonical_json.ts";

/** What a server says of one of its tools: text of others, all of it. */
export interface ToolDefinition {
  readonly name: string;
  /** Every field that a pin covers, as the server sent it. */
  readonly title: Json;
  readonly description: Json;
  readonly annotations: Json;
  readonly inputSchema: JsonObject;
  readonly outputSchema: Json;
}

/** What became of a list of tools. */
export interface ReadDefinitions {
  readonly definitions: readonly ToolDefinition[];
  /** A sentence for each tool that cannot be used. */
  readonly left: readonly string[];
}

/** Tools of one server at most, UTF-16 code units of one of them, and how deep its schema may go. */
export const MOST_TOOLS = 500;
const LARGEST = 100_000;
const DEEPEST = 32;

/** Reads what a server lists, each tool by itself, so that one that cannot be used harms no other. */
export function readDefinitions(listed: readonly unknown[]): ReadDefinitions {
  const definitions: ToolDefinition[] = [];
  const left: string[] = [];
  const seen = new Set<string>();
  for (const [index, one] of listed.entries()) {
    if (index >= MOST_TOOLS) {
      left.push(`It lists ${listed.length} tools; the first ${MOST_TOOLS} are looked at.`);
      break;
    }
    const read = readDefinition(one);
    if (typeof read === "string") left.push(`Tool ${index + 1} is left out: ${read}.`);
    else if (seen.has(read.name)) left.push(`Tool ${index + 1} is left out: its name is taken.`);
    else {
      seen.add(read.name);
      definitions.push(read);
    }
  }
  return { definitions, left };
}

function readDefinition(value: unknown): ToolDefinition | string {
  if (!isObject(value)) return "it is no object";
  const { name, title = null, description = null, annotations = null } = value;
  const { inputSchema = {}, outputSchema = null } = value;
  if (typeof name !== "string" || name === "" || name.length > 256) return "it has no usable name";
  if (!isObject(inputSchema)) return "what it takes is no object";
  const { type } = inputSchema;
  if (type !== undefined && type !== "object") return "what it takes is no object";
  const kept = { name, title, description, annotations, inputSchema, outputSchema };
  if (isDeeper(kept, DEEPEST)) return `its description goes deeper than ${DEEPEST} levels`;
  if (JSON.stringify(kept).length > LARGEST) return `its description is longer than ${LARGEST}`;
  return kept;
}

/** Without recursion: the depth is what is doubtful. */
function isDeeper(value: Json, most: number): boolean {
  let level: readonly Json[] = [value];
  for (let depth = 0; depth <= most; depth++) {
    level = level.flatMap((one) =>
      one !== null && typeof one === "object" ? Object.values(one as JsonObject) : []
    );
    if (level.length === 0) return false;
  }
  return true;
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The identity of a definition: the order of keys changes nothing, any other difference does. */
export async function definitionHash(definition: ToolDefinition): Promise<string> {
  return await sha256Hex(canonicalJson({ ...definition }));
}

/** A definition as lines, for showing it and what changed in it. */
export function formatDefinition(definition: ToolDefinition): string {
  const { description, inputSchema, outputSchema, ...others } = definition;
  const sorted = (value: Json) => JSON.stringify(JSON.parse(canonicalJson(value)), undefined, 2);
  return [
    ...Object.entries(others).filter(([, value]) => value !== null)
      .map(([name, value]) => `${name}: ${typeof value === "string" ? value : sorted(value)}`),
    `description: ${typeof description === "string" ? description : sorted(description)}`,
    `takes: ${sorted(inputSchema)}`,
    ...outputSchema === null ? [] : [`returns: ${sorted(outputSchema)}`],
    "",
  ].join("\n");
}
