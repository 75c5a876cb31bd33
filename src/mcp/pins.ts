import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { definitionHash, readDefinitions, type ToolDefinition } from "./definition.ts";

/** A tool as the person approved it. */
export interface Pin {
  readonly definition: ToolDefinition;
  readonly sha256: string;
  /** The server's own words may stand in prompts; else names and types alone. */
  readonly wording: boolean;
}

/** What the person decided about a server. */
export interface PinnedServer {
  /** The command or address that it was approved with. */
  readonly identity: string;
  /** ISO 8601. */
  readonly at: string;
  /** The person said no, and is not asked at every start. */
  readonly refused?: true;
  /** By the server's own names. */
  readonly tools: ReadonlyMap<string, Pin>;
}

/** What was approved of every server. */
export interface Pins {
  /**
   * @throws {CodedError} `server_unapproved` when the file is damaged: then nothing is trusted, and
   * nothing is trusted anew either
   */
  all(): Promise<ReadonlyMap<string, PinnedServer>>;
  /** Takes the place of what was approved of that server before. */
  put(server: string, pinned: Omit<PinnedServer, "at">): Promise<void>;
  remove(server: string): Promise<void>;
}

const FILE = "mcp_tools.json";

/** Opens the approvals of tools in the directory of approvals. */
export function openPins(files: Files, clock: Pick<Clock, "now">): Pins {
  const read = async (): Promise<Map<string, PinnedServer>> => {
    const text = await files.readText(FILE);
    if (text === undefined) return new Map();
    const pinned = await parse(text);
    if (pinned !== undefined) return pinned;
    throw new CodedError(
      "server_unapproved",
      `${files.path}/${FILE} is damaged, so no tool of an MCP server counts as approved.`,
      "Put back a good copy, or remove the file and approve each server anew with clambot mcp approve.",
    );
  };
  const change = (deed: (all: Map<string, PinnedServer>) => void) =>
    files.locked(FILE, async () => {
      const all = await read();
      deed(all);
      await files.replace(FILE, format(all));
    });
  return {
    all: read,
    put: (server, pinned) =>
      change((all) => all.set(server, { ...pinned, at: new Date(clock.now()).toISOString() })),
    remove: (server) => change((all) => all.delete(server)),
  };
}

function format(all: ReadonlyMap<string, PinnedServer>): string {
  const servers = [...all].map(([name, { tools, ...pinned }]) => [
    name,
    { ...pinned, tools: [...tools.values()] },
  ]);
  return `${JSON.stringify({ version: 1, servers: Object.fromEntries(servers) }, undefined, 1)}\n`;
}

/** `undefined` when anything in it is not as it was written: a pin that does not fit its hash too. */
async function parse(text: string): Promise<Map<string, PinnedServer> | undefined> {
  let root: Json;
  try {
    root = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(root) || root.version !== 1 || !isObject(root.servers ?? null)) return undefined;
  const all = new Map<string, PinnedServer>();
  for (const [name, value] of Object.entries(root.servers as JsonObject)) {
    const pinned = isObject(value) ? await parseServer(value) : undefined;
    if (pinned === undefined) return undefined;
    all.set(name, pinned);
  }
  return all;
}

async function parseServer(value: JsonObject): Promise<PinnedServer | undefined> {
  const { identity, at, refused, tools } = value;
  if (typeof identity !== "string" || typeof at !== "string" || !Array.isArray(tools)) {
    return undefined;
  }
  const pins = await Promise.all(tools.map(parsePin));
  if (pins.includes(undefined)) return undefined;
  return {
    ...{ identity, at },
    ...(refused === true ? { refused } : {}),
    tools: new Map(pins.map((pin) => [pin!.definition.name, pin!])),
  };
}

async function parsePin(value: Json): Promise<Pin | undefined> {
  if (!isObject(value) || typeof value.wording !== "boolean") return undefined;
  const { definitions: [definition] } = readDefinitions([value.definition]);
  if (definition === undefined || await definitionHash(definition) !== value.sha256) {
    return undefined;
  }
  return { definition, sha256: value.sha256, wording: value.wording };
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
