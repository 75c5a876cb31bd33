import { readServerCommand, SERVER_NAME } from "../config/server_command.ts";
import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { canonicalJson, sha256Hex } from "../text/canonical_json.ts";

// Loaded at every start, so it imports nothing heavy.

/** A server of `tools.mcpServers`, read. */
export interface ServerEntry {
  readonly name: string;
  readonly way:
    /** A program that the launcher starts. */
    | {
      readonly kind: "program";
      readonly command: string;
      readonly args: readonly string[];
      readonly cwd?: string;
      /** Names of the variables that it is given. */
      readonly variables: readonly string[];
    }
    | {
      readonly kind: "address";
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
    };
  /** Tools that may be used, by the names that the server gives them; all when left out. */
  readonly only?: readonly string[];
  /** Milliseconds without any sign of progress after which a call is given up. */
  readonly quietMs: number;
}

const KEYS = ["command", "args", "env", "cwd", "url", "headers", "tools", "timeoutSeconds", "type"];
const TYPES: readonly unknown[] = ["stdio", "http", "streamable-http", "sse"];
const DEFAULT_SECONDS = 60;

/** How a name of a server has to be. */
export const NAME_RULE =
  "A name begins with a letter and has at most 32 letters, digits, underscores and hyphens.";

/** @throws {CodedError} `config_invalid` names the part that is wrong */
export function readServerEntry(name: string, value: unknown): ServerEntry {
  if (!SERVER_NAME.test(name)) throw invalid(`"${name}" is no name for a server`, NAME_RULE);
  if (!isObject(value)) throw invalid(`"${name}" is no object`);
  const strange = Object.keys(value).find((key) => !KEYS.includes(key));
  if (strange !== undefined) throw invalid(`"${name}" has a key "${strange}", which is not known`);
  const { tools, timeoutSeconds = DEFAULT_SECONDS, type } = value;
  if (type !== undefined && !TYPES.includes(type)) {
    throw invalid(`type of "${name}" is none of ${TYPES.join(", ")}`);
  }
  if (tools !== undefined && !isTexts(tools)) {
    throw invalid(`tools of "${name}" is no list of texts`);
  }
  const seconds = Number(timeoutSeconds);
  if (!(typeof timeoutSeconds === "number" && seconds >= 1 && seconds <= 3600)) {
    throw invalid(`timeoutSeconds of "${name}" is no number from 1 to 3600`);
  }
  const only = tools === undefined ? {} : { only: tools };
  return { name, way: readWay(name, value), ...only, quietMs: seconds * 1000 };
}

function readWay(name: string, value: JsonObject): ServerEntry["way"] {
  const { url, headers = {}, args, env, cwd } = value;
  const hasCommand = value.command !== undefined;
  if (hasCommand === (url !== undefined)) {
    throw invalid(`"${name}" needs either a command or a url`);
  }
  if (hasCommand) {
    if (value.headers !== undefined) throw invalid(`"${name}" has headers, but no url`);
    const found = readServerCommand(name, value);
    if (found === undefined) throw invalid(`"${name}": ${programFault(value)}`);
    const { command, args, env } = found;
    const where = found.cwd === undefined ? {} : { cwd: found.cwd };
    return { kind: "program", command, args, ...where, variables: Object.keys(env) };
  }
  if ([args, env, cwd].some((one) => one !== undefined)) {
    throw invalid(`"${name}" has a url, so args, env and cwd mean nothing`);
  }
  if (!isObject(headers) || !isTexts(Object.values(headers))) {
    throw invalid(`headers of "${name}" are not texts`);
  }
  const address = typeof url === "string" ? URL.parse(url) : null;
  if (!address || !/^https?:$/.test(address.protocol) || address.username || address.password) {
    throw invalid(`url of "${name}" is no http or https address`);
  }
  return { kind: "address", url: address.href, headers: headers as Record<string, string> };
}

function programFault({ command, args, env }: JsonObject): string {
  if (typeof command !== "string" || command === "") return "command is no text";
  if (args !== undefined && !isTexts(args)) return "args is no list of texts";
  if (env !== undefined && !(isObject(env) && isTexts(Object.values(env)))) {
    return 'env is no object of texts such as {"TOKEN": "…"}';
  }
  return "cwd is no absolute path";
}

/** What a server is bound to: another command or address is another server. */
export async function identityOf({ name, way }: ServerEntry): Promise<string> {
  const place = way.kind === "program"
    ? { command: way.command, args: way.args, cwd: way.cwd ?? null }
    : { url: way.url };
  return await sha256Hex(canonicalJson({ name, ...place }));
}

/** The command line or address, for people. */
export function describeWay({ way }: ServerEntry): string {
  if (way.kind === "address") return way.url;
  const quoted = [way.command, ...way.args].map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word)
  );
  return quoted.join(" ");
}

/** What npx and uvx fetch may be another program tomorrow. */
export function adviceOnVersion([program = "", ...args]: readonly string[]): string | undefined {
  if (!/(?:^|\/)(?:npx|uvx|bunx|pnpx)$/.test(program)) return undefined;
  const name = args.find((one) => !one.startsWith("-"));
  if (name === undefined || /.@\d/.test(name) || /==\d/.test(name)) return undefined;
  return `${program} fetches whatever "${name}" is at that time; name an exact version, such as ${name}@1.2.3.`;
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isTexts(value: Json): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function invalid(what: string, hint?: string): CodedError {
  return new CodedError(
    "config_invalid",
    `A server of tools.mcpServers cannot be used: ${what}.`,
    hint ??
      'Write {"command": "npx", "args": ["-y", "package@1.2.3"], "env": {}} or {"url": "https://…"}.',
  );
}
