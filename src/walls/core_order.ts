import { basename, dirname, join } from "node:path";
import { isTrueOf } from "../cli/commands.ts";
import {
  createHome,
  type HomeLayout,
  homeLayout,
  type Places,
  refuseForeignHome,
  refuseWithinReach,
} from "../config/home.ts";
import { findSocketPlace, type SocketPlace } from "../config/socket_place.ts";
import { readWallSettings, type WallSettings } from "../config/wall_settings.ts";
import { CodedError } from "../domain/failure.ts";
import { openFiles } from "../platform/files.ts";
import { KEY_VARIABLES } from "../providers/catalog.ts";
import type { CoreOrder } from "./_core_thread.ts";
import type { ServerPrograms } from "./server_programs.ts";
import {
  computeWalls,
  findCredential,
  findVariables,
  readConfigFile,
  readEnvFile,
  repairConfig,
} from "./prepare.ts";

// What the launcher finds out before it starts the core.

/** Looks up a variable of the environment. */
export type Variables = (name: string) => string | undefined;

/** Variables that the core is told. */
const PASSED_ON = ["USER", "USERNAME", "LANG", "HOME", "USERPROFILE"];

/**
 * Creates the home directory and follows links to where it really is.
 * @throws {CodedError} `usage` when the configuration is, by way of a link, where the core writes
 */
export async function settle(places: Places): Promise<Places> {
  await refuseForeignHome(openFiles(places.home));
  await Deno.mkdir(places.home, { recursive: true, mode: 0o700 });
  const home = await Deno.realPath(places.home);
  const config = places.config === `${places.home}/config.json`
    ? `${home}/config.json`
    : places.config;
  const directory = await Deno.realPath(dirname(config)).catch(() => dirname(config));
  const real = await Deno.realPath(config).catch(() => join(directory, basename(config)));
  refuseWithinReach(home, real);
  return { ...places, home, config };
}

/** Whoever connects a channel asks its server before it is enabled. */
function withChannels(args: readonly string[], settings: WallSettings): WallSettings {
  if (!isTrueOf(args, "connectsChannels")) return settings;
  return { ...settings, telegram: { ...settings.telegram, enabled: true } };
}

/** Makes the home whole and reads what the core is started with. */
export async function prepare(
  args: readonly string[],
  places: Places,
  isService: boolean,
  variable: Variables,
): Promise<{ readonly order: CoreOrder; readonly settings: WallSettings }> {
  const layout = homeLayout(places.home);
  const repairs = [
    ...await createHome(openFiles(places.home)),
    ...await repairConfig(places.config),
  ];
  const configText = await readConfigFile(places.config);
  const settings = readWallSettings(configText ?? "{}");
  const socket = isService || isTrueOf(args, "reachesGateway")
    ? await placeOfSocket(layout, variable)
    : undefined;
  const { walls, permissions } = await computeWalls(
    ...[withChannels(args, settings), layout, places.config, !isService, socket] as const,
  );
  const order: CoreOrder = {
    permissions,
    ...(isTrueOf(args, "startsServers") ? { servers: serversOf(settings, variable) } : {}),
    start: {
      kind: "start",
      args,
      isService,
      layout,
      configPath: places.config,
      configText,
      configIsNamed: places.config !== layout.config,
      repairs,
      environment: pickEnvironment(args, variable),
      envFile: isTrueOf(args, "seesKeys") ? await readEnvFile(places.envFile) : {},
      variables: isTrueOf(args, "runsPrograms")
        ? await findVariables(settings, places.envFile, variable)
        : {},
      credential: await findCredential(variable("CREDENTIALS_DIRECTORY")),
      walls,
      ...(socket ? { socket } : {}),
    },
  };
  return { order, settings };
}

function serversOf({ serverCommands }: WallSettings, variable: Variables): ServerPrograms {
  const home = variable("HOME") ?? variable("USERPROFILE") ?? "/";
  return { commands: serverCommands, path: variable("PATH") ?? "", home };
}

async function placeOfSocket(layout: HomeLayout, variable: Variables): Promise<SocketPlace> {
  const runtimeDirectory = variable("XDG_RUNTIME_DIR");
  const isOwn = runtimeDirectory !== undefined && await isPrivate(runtimeDirectory);
  return await findSocketPlace(layout, {
    system: Deno.build.os,
    runtimeDirectory: isOwn ? runtimeDirectory : undefined,
  });
}

/** Whether nobody else can enter a directory. */
async function isPrivate(path: string): Promise<boolean> {
  const found = await Deno.stat(path).catch(() => undefined);
  return found?.isDirectory === true && found.mode !== null && (found.mode & 0o077) === 0;
}

/** The same for a service that goes on. @throws {CodedError} when the schema refuses what it reads */
export async function prepareAnew(
  ...given: Parameters<typeof prepare>
): Promise<CoreOrder> {
  const { order } = await prepare(...given);
  const { readCoreConfig } = await import("./core_config.ts");
  const read = await readCoreConfig(order.start);
  if (!("failure" in read)) return order;
  const { code, message, hint } = read.failure;
  throw new CodedError(code, message, hint);
}

function pickEnvironment(
  args: readonly string[],
  variable: Variables,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of isTrueOf(args, "seesKeys") ? [...PASSED_ON, ...KEY_VARIABLES] : PASSED_ON) {
    const value = variable(name);
    if (value !== undefined) found[name] = value;
  }
  const zone = variable("TZ");
  return zone === undefined ? found : { ...found, TZ: behindZoneFile(zone) };
}

/** Where a file such as `/etc/localtime` leads, which only the launcher can see; else the text. */
function behindZoneFile(zone: string): string {
  const path = zone.replace(/^:/, "");
  if (!path.startsWith("/") || path.includes("/zoneinfo/")) return zone;
  try {
    return Deno.realPathSync(path);
  } catch {
    return zone; // there is no such file
  }
}
