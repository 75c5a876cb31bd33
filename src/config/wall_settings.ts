import type { Json, JsonObject } from "../domain/json.ts";
import { type JsonNode, readJson } from "./_json_text.ts";
import { isLoopback } from "./loopback.ts";
import { readServerCommand, type ServerCommand } from "./server_command.ts";

// Read by the launcher before anything else runs: this file imports no third-party code.

/** What of the configuration decides which permissions the core gets. */
export interface WallSettings {
  readonly restrictToWorkspace: boolean;
  /** The person's choice of tools. */
  readonly tools: {
    readonly availableTools?: readonly string[];
    readonly disabledTools: readonly string[];
  };
  /** By section of `providers`: whether a key stands there, and an address in place of its own. */
  readonly providers: Readonly<
    Record<string, { readonly hasKey: boolean; readonly apiBase?: string } | undefined>
  >;
  /** Names of the variables of the environment that programs may use as secrets. */
  readonly listedVariables: readonly string[];
  /** Seconds that a service has for ending what runs, once it is told to stop. */
  readonly shutdownSeconds: number;
  /** `host:port` where the gateway may listen; absent without a token. */
  readonly listensAt?: string;
  /** Whether Telegram is listened to, and the `host:port` that this needs. */
  readonly telegram: { readonly enabled: boolean; readonly hosts: readonly string[] };
  /** File descriptors that a service may have open. */
  readonly maxFiles: number;
  /** The programs of MCP servers, by the servers' names; none that is malformed. */
  readonly serverCommands: Readonly<Record<string, ServerCommand>>;
  /** An MCP server has an address; the network guard checks where it leads. */
  readonly callsServers: boolean;
  /** Address of a server that listens to recordings, in place of the usual one. */
  readonly listener?: string;
}

const TELEGRAM = "https://api.telegram.org";

/** Ports that are meant where an address names none. */
const PORTS: Readonly<Record<string, string>> = {
  "http:": "80",
  "https:": "443",
  "socks5:": "1080",
  "socks5h:": "1080",
};

/** What counts where nothing is written. */
export const DEFAULT_SHUTDOWN_SECONDS = 20;
export const DEFAULT_MAX_FILES = 1024;

/**
 * Reads by hand what the walls depend on, as the schema would: camelCase or snake_case, the last of
 * two counts, `null` is not written. Whatever the schema would refuse gives the narrowest walls: the
 * core then says what is wrong with the file and ends.
 */
export function readWallSettings(text: string): WallSettings {
  const reading = readJson(text);
  const root = reading.kind === "ok" ? reading.node : undefined;
  const at = (...names: readonly string[]) =>
    names.reduce<JsonNode | undefined>((node, name) => memberOf(node, name), root);
  const available = at("agents", "defaults", "availableTools");
  const sections = at("providers")?.members ?? [];
  return {
    restrictToWorkspace: at("tools", "filesystem", "restrictToWorkspace")?.value !== false,
    tools: {
      ...(available === undefined ? {} : { availableTools: textsOf(available.value) }),
      disabledTools: textsOf(at("agents", "defaults", "disabledTools")?.value),
    },
    providers: Object.fromEntries(
      sections.map(({ key }) => camelCase(key)).map((name) => {
        const base = at("providers", name, "apiBase")?.value;
        const key = at("providers", name, "apiKey")?.value;
        const hasKey = typeof key === "string" && key !== "";
        return [name, typeof base === "string" && base ? { hasKey, apiBase: base } : { hasKey }];
      }),
    ),
    listedVariables: namesOf(at("secrets", "environment")?.value),
    shutdownSeconds: wholeOr(DEFAULT_SHUTDOWN_SECONDS, at("gateway", "shutdownSeconds")?.value),
    ...listeningPlace(at("gateway")),
    telegram: {
      enabled: at("channels", "telegram", "enabled")?.value === true,
      hosts: [
        ...placeAt(at("channels", "telegram", "apiRoot")?.value || TELEGRAM),
        ...placeAt(at("channels", "telegram", "proxy")?.value),
      ],
    },
    maxFiles: wholeOr(DEFAULT_MAX_FILES, at("gateway", "maxFiles")?.value),
    serverCommands: commandsIn(at("tools", "mcpServers")),
    callsServers: hasAddress(at("tools", "mcpServers")),
    ...listenerAt(at("tools", "transcribe", "whisperApiUrl")?.value),
  };
}

function listenerAt(address: Json | undefined): { readonly listener?: string } {
  return typeof address === "string" && address !== "" ? { listener: address } : {};
}

/** Names of servers stay as they are written, and the last of two counts. */
function serversIn(servers: JsonNode | undefined): ReadonlyMap<string, JsonNode> {
  return new Map((servers?.members ?? []).map(({ key, node }) => [key, node]));
}

function hasAddress(servers: JsonNode | undefined): boolean {
  return serversIn(servers).values()
    .some(({ members }) => members?.some(({ key }) => key === "url") ?? false);
}

function commandsIn(servers: JsonNode | undefined): Readonly<Record<string, ServerCommand>> {
  return Object.fromEntries([...serversIn(servers)].flatMap(([name, node]) => {
    const command = readServerCommand(name, node.value);
    return command === undefined ? [] : [[name, command]];
  }));
}

/** The last member of that name, in either spelling; none when it is `null`. */
function memberOf(node: JsonNode | undefined, name: string): JsonNode | undefined {
  const found = node?.members?.findLast(({ key }) => key === name || camelCase(key) === name);
  return found === undefined || found.node.value === null ? undefined : found.node;
}

/** A key in the schema's spelling; one that is no snake_case stays as it is. */
function camelCase(key: string): string {
  const isSnake = /^[a-z0-9]+(_[a-z0-9]+)*$/.test(key);
  return isSnake ? key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : key;
}

/** Where a token stands: a place that only this machine reaches, or one that is exposed in so many words. */
function listeningPlace(gateway: JsonNode | undefined): { readonly listensAt?: string } {
  const valueOf = (name: string) => memberOf(gateway, name)?.value;
  const token = valueOf("token");
  const host = valueOf("host") ?? "127.0.0.1";
  const port = valueOf("port") ?? 18790;
  const isPlace = typeof token === "string" && token !== "" && typeof host === "string" &&
    Number.isInteger(port) && /^[\w.-]+$|^\[?[\da-f:.]+\]?$/i.test(host);
  if (!isPlace || !(isLoopback(host) || valueOf("exposed") === true)) return {};
  return {
    listensAt: `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`,
  };
}

/** `host:port` of an address; nothing where it is none. */
function placeAt(address: Json | undefined): string[] {
  if (typeof address !== "string" || !URL.canParse(address)) return [];
  const { hostname, port, protocol } = new URL(address);
  const usual = PORTS[protocol];
  return usual === undefined || hostname === "" ? [] : [`${hostname}:${port || usual}`];
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** Whether an entry of the list is understood whole, the schema says. */
function namesOf(value: Json | undefined): string[] {
  const entries = Array.isArray(value) ? value : [];
  return entries.flatMap((entry: Json) => {
    const isObject = entry !== null && typeof entry === "object" && !Array.isArray(entry);
    const name = isObject ? (entry as JsonObject).name : undefined;
    return typeof name === "string" ? [name] : [];
  });
}

function wholeOr(fallback: number, value: Json | undefined): number {
  return Number.isInteger(value) && (value as number) > 0 ? value as number : fallback;
}
