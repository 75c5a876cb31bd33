import { findMisforms } from "../app/config_forms.ts";
import { defaultConfig, parseConfig, type ParsedConfig } from "../config/parse.ts";
import { parseEnvFile } from "../config/env_file.ts";
import { readConfigText } from "../config/read.ts";
import { type HomeLayout, repairModes } from "../config/home.ts";
import type { Config } from "../config/schema.ts";
import { CodedError, type Failure } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import { openFiles } from "../platform/files.ts";
import type { Credential } from "../secrets/vault.ts";
import { CLAM_GRANTS, coreGrants, LAUNCHER_GRANTS, type WallGrants } from "./grants.ts";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

// What the launcher does before the core starts, apart from starting it.

/**
 * Reads the configuration, by way of links; a missing file is an empty one, with a warning where
 * the person named it.
 */
export async function readConfig(path: string, named: boolean): Promise<ParsedConfig> {
  const real = await behindLinks(path);
  const text = await readConfigText(openFiles(dirname(real)), basename(real));
  const parsed = parseConfig(text ?? "{}", path, findMisforms);
  if (parsed.kind === "invalid" || text !== undefined || !named) return parsed;
  const message = `There is no file "${path}", so everything is as it is by default.`;
  return { ...parsed, warnings: [{ kind: "missing", path: "", message }] };
}

/** What counts while the file cannot be read, with a doubt that says why. */
export function withoutConfig({ message, hint = "" }: Failure) {
  const warning = { kind: "missing", path: "", message: `${message} ${hint}`.trim() } as const;
  return { config: defaultConfig(), warnings: [warning] };
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

/** Computes the grants of each wall, and the core's as Deno takes them. */
export async function computeWalls(
  config: Config,
  layout: HomeLayout,
  configPath: string,
): Promise<{
  readonly walls: readonly JsonObject[];
  readonly permissions: Deno.PermissionOptionsObject;
}> {
  const elsewhere = config.tools.filesystem.restrictToWorkspace
    ? []
    : await everythingBut([layout.home, configPath, await behindLinks(configPath)]);
  const core = coreGrants(config, layout, programDirectory(), elsewhere);
  return { walls: printable(core), permissions: asPermissions(core) };
}

/** Where the file really is; the path itself when there is none. */
async function behindLinks(path: string): Promise<string> {
  return await Deno.realPath(path).catch(() => path);
}

/** Where the scripts of the workers stand that the core starts; it must be able to read them. */
function programDirectory(): string {
  const here = import.meta.url.endsWith(".ts") ? "../" : "./";
  return fileURLToPath(new URL(here, import.meta.url)).replace(/[\\/]$/, "");
}

function printable(core: WallGrants): JsonObject[] {
  return [
    { wall: "launcher", holds: "starts the core, writes config.json", grants: LAUNCHER_GRANTS },
    { wall: "core", holds: "tools, gate, models, everything kept", grants: core },
    { wall: "clam", holds: "programs, in QuickJS inside WebAssembly", grants: CLAM_GRANTS },
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
