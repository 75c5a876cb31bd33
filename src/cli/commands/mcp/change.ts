import { CodedError } from "../../../domain/failure.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { adviceOnVersion, describeWay, NAME_RULE, readServerEntry } from "../../../mcp/entry.ts";
import { SERVER_NAME } from "../../../config/server_command.ts";
import type { CliContext, End } from "../../context.ts";
import { withStores } from "../../stores.ts";
import { confinedCommand } from "./confined.ts";

/** What `mcp add` is told. */
export interface AddOptions {
  readonly name: string;
  readonly command: readonly string[];
  readonly url?: string | undefined;
  readonly env?: readonly string[] | undefined;
  readonly header?: readonly string[] | undefined;
  readonly cwd?: string | undefined;
  readonly tools?: readonly string[] | undefined;
  readonly timeout?: string | undefined;
  readonly confined?: true | undefined;
  readonly fullUserRights?: true | undefined;
}

/** Writes a server into the configuration; the launcher asks before it does. */
export async function addServer(options: AddOptions, context: CliContext, end: End): Promise<void> {
  const { name } = options;
  const { config, terminal, launcher } = context;
  if (!SERVER_NAME.test(name)) {
    throw new CodedError("usage", `"${name}" is no name for a server.`, NAME_RULE);
  }
  if (Object.hasOwn(config.tools.mcpServers, name)) {
    throw new CodedError("usage", `There is a server "${name}" already.`, "Take it out first.");
  }
  const value = valueFrom(options, context);
  const entry = readServerEntry(name, value);
  const advice = adviceOnVersion(options.command);
  if (advice !== undefined) terminal.err(`clambot: ${advice}\n`);
  if (entry.way.kind === "program") {
    terminal.out(`${name} will be started as: ${describeWay(entry)}\n${rightsOf(options)}\n`);
  }
  const lines = await launcher.changeConfig([{ key: `tools.mcpServers.${name}`, value }]);
  for (const line of lines) terminal.out(`${line}\n`);
  const login = options.url === undefined ? "" : `If it wants a login: clambot mcp login ${name}\n`;
  terminal.out(`${login}Now look at its tools: clambot mcp approve ${name}\n`);
  end(0);
}

function valueFrom(options: AddOptions, context: CliContext): JsonObject {
  const { command: [program, ...args], url, env = [], header = [], cwd, tools, timeout } = options;
  if ((program === undefined) === (url === undefined)) {
    const message = "A server is either a program, after --, or an address, with --url.";
    throw new CodedError("usage", message, "Write: clambot mcp add NAME -- COMMAND ARGUMENTS");
  }
  const common = {
    ...(tools === undefined ? {} : { tools }),
    ...(timeout === undefined ? {} : { timeoutSeconds: Number(timeout) }),
  };
  if (program === undefined) {
    const headers = Object.fromEntries(header.map((one) => pairOf(one, ":", "--header")));
    return { url: url ?? "", ...(header.length > 0 ? { headers } : {}), ...common };
  }
  if (options.confined === options.fullUserRights) throw unsaid(program);
  const [first = program, ...rest] = options.confined
    ? confinedCommand([program, ...args], context)
    : [program, ...args];
  return {
    command: first,
    ...(rest.length > 0 ? { args: rest } : {}),
    ...(env.length > 0
      ? { env: Object.fromEntries(env.map((one) => pairOf(one, "=", "--env"))) }
      : {}),
    ...(cwd === undefined ? {} : { cwd }),
    ...common,
  };
}

function unsaid(program: string): CodedError {
  return new CodedError(
    "approval_needed",
    `"${program}" would run with all your rights: it could read, change and send what you can, ` +
      "also what lies in ClamBot's home.",
    "Add --confined to start it through bubblewrap, or --full-user-rights if you trust it that far.",
  );
}

function pairOf(text: string, sign: string, option: string): [string, string] {
  const at = text.indexOf(sign);
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  throw new CodedError("usage", `${option} ${text}: there is no "${sign}" between name and value.`);
}

function rightsOf({ confined }: AddOptions): string {
  return confined
    ? "It can read your files but ClamBot's home, write to workspace/files alone, and use the network."
    : "It runs with all your rights: it can read, change and send what you can.";
}

/** Takes a server out, and everything that was kept for it. */
export async function removeServer(name: string, context: CliContext, end: End): Promise<void> {
  if (!Object.hasOwn(context.config.tools.mcpServers, name)) {
    throw new CodedError("usage", `There is no MCP server "${name}".`);
  }
  const { openLoginStore } = await import("../../../mcp/login_store.ts");
  const key = `tools.mcpServers.${name}`;
  const lines = await context.launcher.changeConfig([{ key, value: undefined }]);
  await withStores(context, end, async ({ pins, vault }) => {
    await pins.remove(name);
    await openLoginStore(vault).remove(name);
    for (const line of lines) context.terminal.out(`${line}\n`);
  });
}
