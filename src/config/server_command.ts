import type { Json, JsonObject } from "../domain/json.ts";

// Read by the launcher too: this file imports no third-party code.

/** How the program of an MCP server is started, as `tools.mcpServers` says. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute; the person's own directory when left out. */
  readonly cwd?: string;
}

/** How names of servers are; tools are called by them. */
export const SERVER_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;

/** Reads the entry of one server by hand; `undefined` when it starts no program, or is malformed. */
export function readServerCommand(
  name: string,
  value: Json | undefined,
): ServerCommand | undefined {
  if (!SERVER_NAME.test(name) || !isObject(value)) return undefined;
  const { command, args = [], env = {}, cwd } = value;
  if (typeof command !== "string" || command === "" || !isTexts(args)) return undefined;
  if (!isObject(env) || !isTexts(Object.values(env))) return undefined;
  if (cwd !== undefined && !(typeof cwd === "string" && cwd.startsWith("/"))) return undefined;
  const variables = env as Readonly<Record<string, string>>;
  return { command, args, env: variables, ...(cwd === undefined ? {} : { cwd }) };
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isTexts(value: Json): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
