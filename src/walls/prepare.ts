import { parseEnvFile } from "../config/env_file.ts";
import { type HomeLayout, repairModes } from "../config/home.ts";
import { readConfigText } from "../config/read.ts";
import type { SocketPlace } from "../config/socket_place.ts";
import type { WallSettings } from "../config/wall_settings.ts";
import { CodedError } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import { openFiles } from "../platform/files.ts";
import type { Credential } from "../secrets/vault.ts";
import {
  CLAM_GRANTS,
  coreGrants,
  LAUNCHER_GRANTS,
  LAUNCHER_GRANTS_LATER,
  type WallGrants,
} from "./grants.ts";
import { socketGrant } from "./socket_grant.ts";
import { basename, dirname, join, resolve } from "node:path";

// What the launcher does before the core starts, apart from starting it. Loads nothing third-party.

/**
 * The text of the configuration, by way of links; `undefined` when there is no file.
 * @throws {CodedError} `config_invalid` when it cannot be read as text
 */
export async function readConfigFile(path: string): Promise<string | undefined> {
  const real = await behindLinks(path);
  return await readConfigText(openFiles(dirname(real)), basename(real));
}

/**
 * Takes away what others may do with the configuration and its backups, wherever they stand.
 * @returns a sentence for everything that was repaired
 */
export async function repairConfig(path: string): Promise<readonly string[]> {
  const real = await behindLinks(path);
  const files = openFiles(dirname(real));
  const name = basename(real);
  const backups = (await files.list()).map((entry) => entry.name)
    .filter((one) => one.startsWith(`${name}.`) && one.endsWith(".bak"));
  return await repairModes(files, [name, ...backups]);
}

/** Variables of the `.env` file beside the configuration; none when there is no such file. */
export async function readEnvFile(path: string): Promise<Record<string, string>> {
  const files = openFiles(dirname(path));
  const isFile = (await files.stat(basename(path)))?.kind === "file";
  const text = isFile ? await files.readText(basename(path)) : undefined;
  return Object.fromEntries(parseEnvFile(text ?? ""));
}

/** Bytes of a key at most. */
const LARGEST_KEY = 4096;

/**
 * The vault's key that systemd hands to a service (`LoadCredential=clambot.key:…`). It stands where
 * the core cannot read.
 */
export async function findCredential(
  directory: string | undefined,
): Promise<Credential | undefined> {
  if (!directory) return undefined;
  const files = openFiles(resolve(directory));
  const found = await files.stat("clambot.key");
  if (found === undefined) return undefined;
  const path = join(files.path, "clambot.key");
  if (found.kind !== "file" || found.size > LARGEST_KEY) {
    throw new CodedError("vault_locked", `"${path}" is no key: it is no small file.`);
  }
  const bytes = await files.readBytes("clambot.key");
  return bytes && { directory: files.path, path, bytes };
}

/**
 * Values of the variables that `secrets.environment` lists: of the environment, else of `.env`. A
 * variable that is set to nothing is none.
 */
export async function findVariables(
  { listedVariables: names }: WallSettings,
  envFile: string,
  env: (name: string) => string | undefined,
): Promise<Record<string, string>> {
  if (names.length === 0) return {};
  const file = await readEnvFile(envFile);
  return Object.fromEntries(names.flatMap((name) => {
    const value = env(name) ?? file[name];
    return value ? [[name, value]] : [];
  }));
}

/**
 * Computes the grants of each wall, and the core's as Deno takes them. `givesUp`: the launcher keeps
 * neither network nor environment once the core runs. `socket`: where it talks to the gateway, or
 * is it.
 */
export async function computeWalls(
  settings: WallSettings,
  layout: HomeLayout,
  configPath: string,
  givesUp: boolean,
  socket?: SocketPlace,
): Promise<{
  readonly walls: readonly JsonObject[];
  readonly permissions: Deno.PermissionOptionsObject;
}> {
  const elsewhere = settings.restrictToWorkspace
    ? []
    : await everythingBut([layout.home, configPath, await behindLinks(configPath)]);
  const core = coreGrants(
    settings,
    layout,
    elsewhere,
    socketGrant(socket, layout, Deno.version.deno),
  );
  return { walls: printable(core, givesUp), permissions: asPermissions(core) };
}

/** Where the file really is; the path itself when there is none. */
async function behindLinks(path: string): Promise<string> {
  return await Deno.realPath(path).catch(() => path);
}

/** `run` stands there as nothing: it is kept for `service` alone, which shows no walls. */
const LAUNCHER_HOLDS = "starts the workers, writes config.json; programs for `service` alone";

function printable(core: WallGrants, givesUp: boolean): JsonObject[] {
  const launcher = givesUp ? LAUNCHER_GRANTS_LATER : LAUNCHER_GRANTS;
  return [
    { wall: "launcher", holds: LAUNCHER_HOLDS, grants: launcher },
    { wall: "core", holds: "tools, gate, models, everything kept", grants: core },
    { wall: "clam", holds: "programs, in QuickJS inside WebAssembly", grants: CLAM_GRANTS },
    { wall: "html", holds: "pages, while they are read as text", grants: CLAM_GRANTS },
  ] as unknown as JsonObject[];
}

function asPermissions(grants: WallGrants): Deno.PermissionOptionsObject {
  const list = (value: true | readonly string[]) => value === true ? true : [...value];
  return {
    read: list(grants.read),
    write: list(grants.write),
    net: list(grants.net),
    env: list(grants.env),
    run: false,
    ffi: false,
    sys: false,
    import: false,
  };
}

/**
 * Everything in the file system that is not one of these paths, a directory above one of them, or
 * a link: what the core may write to when the file tool may leave the workspace.
 */
async function everythingBut(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const pending = ["/"];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const entry of await readable(directory)) {
      const path = join(directory, entry.name);
      if (paths.includes(path) || entry.isSymlink) continue;
      if (paths.some((kept) => kept.startsWith(`${path}/`))) pending.push(path);
      else found.push(path);
    }
  }
  return found;
}

async function readable(directory: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(directory));
  } catch {
    return []; // what cannot be listed cannot be granted
  }
}
