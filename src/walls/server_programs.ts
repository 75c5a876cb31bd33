import { isAbsolute, join, resolve } from "node:path";
import type { ServerCommand } from "../config/server_command.ts";
import { CodedError } from "../domain/failure.ts";
import type { ChildCommand } from "../platform/child_host.ts";

/** The programs that the launcher may start for MCP servers, and where they are looked for. */
export interface ServerPrograms {
  /** By the name of the server. */
  readonly commands: Readonly<Record<string, ServerCommand>>;
  /** `PATH` of the launcher. */
  readonly path: string;
  /** The person's own directory. */
  readonly home: string;
}

export const NO_SERVERS: ServerPrograms = { commands: {}, path: "", home: "/" };

/**
 * How the program of a server is started. It is given `PATH` and `HOME`, without which hardly any
 * program finds its parts, and the variables that the configuration names; nothing else.
 * @throws {CodedError} `server_failed` when the configuration names none, or it is not there
 */
export function programOf(server: string, programs: ServerPrograms): ChildCommand {
  const found = Object.hasOwn(programs.commands, server) ? programs.commands[server] : undefined;
  if (found === undefined) {
    throw new CodedError(
      "server_failed",
      "The configuration, as it was when this process began, names no program of that server.",
      "After a change of tools.mcpServers start the gateway anew.",
    );
  }
  const { command, args, env, cwd = programs.home } = found;
  const path = env.PATH ?? withOwnPrograms(programs);
  return {
    program: findProgram(command, path, cwd),
    args,
    env: { PATH: path, HOME: programs.home, ...env },
    cwd,
  };
}

/** Where people keep programs of their own; a service is started with a shorter `PATH` than a shell. */
function withOwnPrograms({ path, home }: ServerPrograms): string {
  const own = join(home, ".local", "bin");
  const directories = path.split(":").filter((one) => one !== "");
  return [...directories, ...directories.includes(own) ? [] : [own]].join(":");
}

function findProgram(command: string, path: string, cwd: string): string {
  if (/[\\/]/.test(command)) return isAbsolute(command) ? command : resolve(cwd, command);
  const directories = path.split(":").filter(isAbsolute);
  const found = directories.map((one) => join(one, command)).find(isProgram);
  if (found !== undefined) return found;
  throw new CodedError(
    "server_failed",
    `There is no program "${command}" in ${directories.join(", ")}.`,
    "Install it, write its whole path as command, or set PATH in env of the server.",
  );
}

function isProgram(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && (mode === null || (mode & 0o111) !== 0);
  } catch {
    return false;
  }
}
