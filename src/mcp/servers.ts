import { CodedError } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import { once } from "../domain/once.ts";
import type { Clock } from "../platform/platform.ts";
import type { Listed, ServerConnection } from "./_connection.ts";
import type { Ways } from "./_transports.ts";
import { definitionHash, type ToolDefinition } from "./definition.ts";
import { identityOf, type ServerEntry } from "./entry.ts";
import type { Pin, PinnedServer, Pins } from "./pins.ts";
import { nameServerTools } from "./tool_names.ts";

/** A tool that the person approved. */
export interface ApprovedTool {
  readonly server: string;
  /** As programs call it. */
  readonly name: string;
  readonly pin: Pin;
}

/** A tool that a server lists, held against what was approved. */
export interface SurveyedTool {
  readonly definition: ToolDefinition;
  /** As programs call it; `undefined`: no name is left for it. */
  readonly name: string | undefined;
  readonly state: "approved" | "new" | "changed";
  /** As it was approved, where it is another one now. */
  readonly pinned?: Pin;
}

/** A server as it is now, beside what was approved of it. */
export interface ServerSurvey {
  readonly entry: ServerEntry;
  /** What it calls itself; text of others. */
  readonly server: string;
  readonly protocol: string;
  readonly tools: readonly SurveyedTool[];
  /** Approved tools that it lists no more. */
  readonly gone: readonly string[];
  /** A sentence for each tool that cannot be used. */
  readonly left: readonly string[];
  /** It was never approved in this form, nor refused. */
  readonly isNew: boolean;
}

/** The MCP servers of a configuration. */
export interface Servers {
  readonly entries: readonly ServerEntry[];
  /** Tools that can be called; nothing is started for that. @throws {CodedError} `server_unapproved` */
  approved(): Promise<readonly ApprovedTool[]>;
  /** Servers that nobody has decided about. @throws {CodedError} `server_unapproved` */
  undecided(): Promise<readonly ServerEntry[]>;
  /** Asks a server what it lists. @throws {CodedError} `server_failed` */
  survey(name: string, signal: AbortSignal): Promise<ServerSurvey>;
  /** Pins what a survey found, in place of what was approved before. */
  approve(survey: ServerSurvey, wording: boolean): Promise<void>;
  /** Notes that the person does not want the server. */
  refuse(entry: ServerEntry): Promise<void>;
  /**
   * @throws {CodedError} `server_unapproved` when the tool is not as it was approved, `server_failed`,
   * `tool_timeout`, `call_in_doubt`
   */
  call(tool: ApprovedTool, args: JsonObject, signal: AbortSignal): Promise<JsonObject>;
  /** Ends every server. */
  close(): Promise<void>;
}

/** Means of the servers. */
export interface ServersPorts extends Ways {
  readonly entries: readonly ServerEntry[];
  readonly pins: Pins;
  /** Names of other tools. */
  readonly reserved: readonly string[];
  readonly clock: Clock;
}

/** Opens the servers of a configuration. None is started before it is needed. */
export function openServers(ports: ServersPorts): Servers {
  const { entries, pins, reserved } = ports;
  const connections = new Map<string, Promise<ServerConnection>>();
  const connectionOf = (entry: ServerEntry): Promise<ServerConnection> => {
    const found = connections.get(entry.name) ?? connect(entry, ports);
    connections.set(entry.name, found);
    return found;
  };
  const entryOf = (name: string): ServerEntry => {
    const found = entries.find((one) => one.name === name);
    if (found) return found;
    const known = entries.length > 0
      ? `There are ${entries.map((one) => one.name).join(", ")}.`
      : undefined;
    throw new CodedError("usage", `There is no MCP server "${name}".`, known);
  };
  const pinnedOf = async (entry: ServerEntry): Promise<PinnedServer | undefined> => {
    const pinned = (await pins.all()).get(entry.name);
    return pinned?.identity === await identityOf(entry) ? pinned : undefined;
  };
  return {
    entries,
    async approved() {
      if (entries.length === 0) return [];
      const found = await Promise.all(entries.map(async (entry) => {
        const tools = (await pinnedOf(entry))?.tools ?? new Map<string, Pin>();
        const names = nameServerTools(entry.name, [...tools.keys()], reserved);
        return [...tools].filter(([tool]) => isWanted(entry, tool)).flatMap(([tool, pin]) => {
          const name = names.get(tool);
          return name === undefined ? [] : [{ server: entry.name, name, pin }];
        });
      }));
      // two servers whose names differ in a hyphen might offer the same name
      return [...Map.groupBy(found.flat(), ({ name }) => name).values()].map(([first]) => first!);
    },
    async undecided() {
      const decided = await Promise.all(entries.map(pinnedOf));
      return entries.filter((_, index) => decided[index] === undefined);
    },
    async survey(name, signal) {
      const entry = entryOf(name);
      const pinned = await pinnedOf(entry);
      const connection = await connectionOf(entry);
      return await surveyOf(entry, await connection.list(signal), pinned, reserved);
    },
    async approve({ entry, tools }, wording) {
      const usable = tools.filter(({ name }) => name !== undefined);
      const made = await Promise.all(usable.map(async ({ definition }) =>
        [
          definition.name,
          { definition, sha256: await definitionHash(definition), wording },
        ] as const
      ));
      await pins.put(entry.name, { identity: await identityOf(entry), tools: new Map(made) });
    },
    async refuse(entry) {
      const identity = await identityOf(entry);
      await pins.put(entry.name, { identity, refused: true, tools: new Map() });
    },
    async call({ server, pin }, args, signal) {
      const connection = await connectionOf(entryOf(server));
      const check = (listed: Listed) => refuseChanged(server, pin, listed);
      return await connection.call(pin.definition.name, args, check, signal);
    },
    async close() {
      await Promise.all([...connections.values()].map(async (one) => await (await one).close()));
    },
  };
}

const loadConnections = once(async () => {
  const [{ createConnection }, { beginSession }] = await Promise.all([
    import("./_connection.ts"),
    import("./_transports.ts"),
  ]);
  return { createConnection, beginSession };
});

async function connect(entry: ServerEntry, ports: ServersPorts): Promise<ServerConnection> {
  const { createConnection, beginSession } = await loadConnections();
  return createConnection({
    ...{ entry, clock: ports.clock },
    begin: (changed, signal) => beginSession(entry, ports, changed, signal),
  });
}

function isWanted({ only }: ServerEntry, tool: string): boolean {
  return only === undefined || only.includes(tool);
}

async function surveyOf(
  entry: ServerEntry,
  { server, protocol, definitions, left }: Listed,
  pinned: PinnedServer | undefined,
  reserved: readonly string[],
): Promise<ServerSurvey> {
  const wanted = definitions.filter(({ name }) => isWanted(entry, name));
  const names = nameServerTools(entry.name, wanted.map(({ name }) => name), reserved);
  const tools = await Promise.all(wanted.map(async (definition): Promise<SurveyedTool> => {
    const pin = pinned?.tools.get(definition.name);
    const name = names.get(definition.name);
    if (!pin) return { definition, name, state: "new" };
    const isSame = pin.sha256 === await definitionHash(definition);
    return isSame
      ? { definition, name, state: "approved" }
      : { definition, name, state: "changed", pinned: pin };
  }));
  const listed = new Set(wanted.map(({ name }) => name));
  const gone = [...pinned?.tools.keys() ?? []].filter((name) => !listed.has(name));
  return { entry, server, protocol, tools, gone, left, isNew: pinned === undefined };
}

/** @throws {CodedError} `server_unapproved` */
async function refuseChanged(server: string, { definition, sha256 }: Pin, listed: Listed) {
  const now = listed.definitions.find(({ name }) => name === definition.name);
  if (now && await definitionHash(now) === sha256) return;
  const what = now ? "is not as you approved it" : "is not offered any more";
  throw new CodedError(
    "server_unapproved",
    `A tool of the server ${server} ${what}.`,
    `See the difference with: clambot mcp approve ${server}`,
  );
}
