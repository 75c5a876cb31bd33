import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { CliCommand } from "../cli/command.ts";
import { COMMANDS } from "../cli/commands.ts";
import type { UnitFile, UnitName } from "../cli/service_unit.ts";
import { homeLayout, type Places } from "../config/home.ts";
import { findSocketPlace } from "../config/socket_place.ts";
import { readWallSettings } from "../config/wall_settings.ts";
import { CodedError } from "../domain/failure.ts";
import { CAN_SEND_DATAGRAMS } from "./datagram.ts";
import { formatPlist, MADE_BY_PLIST } from "./plist.ts";
import { readConfigFile } from "./prepare.ts";
import { credentialIn, formatUnit, MADE_BY, unitFileName, type UnitOrder } from "./unit.ts";

// Where the unit of the gateway stands, and what stands in it.

const NAME = /^[a-z][\w-]{0,63}(?:@[\w-]{0,64})?$/i;

/** Reads which unit is meant. @throws {CodedError} `usage` */
export function readUnitName(order: unknown): UnitName {
  const { scope, name } = (order ?? {}) as { readonly scope?: unknown; readonly name?: unknown };
  if ((scope !== "user" && scope !== "system") || typeof name !== "string") {
    throw new CodedError("usage", "This names no unit.");
  }
  if (!NAME.test(name)) {
    throw new CodedError(
      "usage",
      `"${name}" is no name for a service.`,
      'Use letters, digits, "-" and "_", such as --name clambot or --name clambot@ann.',
    );
  }
  return { scope, name };
}

/**
 * What the file of a unit is, and what it is to be.
 * @throws {CodedError} `service_failed` when another file stands there; `usage`
 */
export async function findUnitFile(
  unit: UnitName,
  credential: string | undefined,
  places: Places,
): Promise<UnitFile> {
  const order = await orderOf(unit, credential, places);
  const isMac = Deno.build.os === "darwin";
  const path = isMac ? plistPath(unit) : unitPath(unit);
  const format = isMac ? formatPlist : formatUnit;
  // who asks how a unit stands need not say again where its key is
  const madeFrom = (found: string) =>
    format(credential === undefined ? { ...order, credential: credentialIn(found) } : order);
  const state = await stateOf(path, madeFrom);
  return { manager: isMac ? "launchd" : "systemd", path, text: format(order), state };
}

async function orderOf(
  unit: UnitName,
  credential: string | undefined,
  { home, config }: Places,
): Promise<UnitOrder> {
  const { shutdownSeconds } = readWallSettings(await readConfigFile(config) ?? "{}");
  const order: UnitOrder = {
    ...unit,
    program: programOf(),
    command: serviceCommand().name,
    home,
    socketDirectory: unit.scope === "user" ? await socketDirectory(home) : undefined,
    config: config === join(home, "config.json") ? undefined : config,
    owner: (await Deno.stat(home)).uid ?? undefined,
    credential: credential === undefined ? undefined : resolve(credential),
    shutdownSeconds,
    notifies: CAN_SEND_DATAGRAMS,
  };
  const paths = [...order.program, home, order.config ?? "", order.credential ?? ""];
  const odd = paths.find((path) => /\p{Cc}/u.test(path));
  if (odd === undefined) return order;
  throw new CodedError("usage", `${JSON.stringify(odd)} cannot stand in a unit.`);
}

/** Of a home whose path is too long for a socket of its own; a system unit has no such place. */
async function socketDirectory(home: string): Promise<string | undefined> {
  const place = await findSocketPlace(homeLayout(home), {
    system: Deno.build.os,
    runtimeDirectory: Deno.env.get("XDG_RUNTIME_DIR"),
  });
  return place.kind === "none" || place.path.startsWith(`${home}/`)
    ? undefined
    : dirname(place.path);
}

function serviceCommand(): CliCommand {
  const found = COMMANDS.find(({ isService }) => isService === true);
  if (found === undefined) throw new CodedError("internal", "No command goes on by itself.");
  return found;
}

/** What starts this program: itself, or Deno with the flags of the task `start`. */
function programOf(): readonly string[] {
  if (Deno.build.standalone) return [Deno.execPath()];
  return [Deno.execPath(), ...SOURCE_FLAGS, fileURLToPath(Deno.mainModule)];
}

const SOURCE_FLAGS = [
  "run",
  "--quiet",
  "--no-prompt",
  "--v8-flags=--wasm-tiering-budget=130000000",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-env",
  "--allow-run",
];

function unitPath({ scope, name }: UnitName): string {
  if (Deno.build.os !== "linux") {
    throw new CodedError("service_failed", "There is neither systemd nor launchd here.");
  }
  const directory = scope === "system"
    ? "/etc/systemd/system"
    : join(Deno.env.get("XDG_CONFIG_HOME") || ownPath(".config"), "systemd/user");
  return join(directory, unitFileName(name));
}

/** A job of the system would have to name its user, whom only a number is known of here. */
function plistPath({ scope, name }: UnitName): string {
  if (scope === "system") {
    throw new CodedError(
      "usage",
      "With launchd the service is one of yours.",
      "Leave --system out.",
    );
  }
  if (name.includes("@")) {
    throw new CodedError("usage", "launchd knows no templates.", "Use a name without @.");
  }
  return join(ownPath("Library/LaunchAgents"), `${name}.plist`);
}

function ownPath(path: string): string {
  const home = Deno.env.get("HOME") ?? "";
  if (isAbsolute(home)) return join(home, path);
  throw new CodedError("usage", "HOME is not set, so there is no place for a unit of yours.");
}

async function stateOf(
  path: string,
  madeFrom: (found: string) => string,
): Promise<UnitFile["state"]> {
  let found: string;
  try {
    found = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "missing";
    throw unwritten(path, error);
  }
  if (found.startsWith(MADE_BY) || found.includes(MADE_BY_PLIST)) {
    return found === madeFrom(found) ? "same" : "other";
  }
  throw new CodedError(
    "service_failed",
    `"${path}" was not made by clambot, so it stays as it is.`,
    "Take another name with --name NAME, or move that file away.",
  );
}

/** Puts the whole file in its place at once. */
export async function writeUnitFile({ path, text }: UnitFile): Promise<void> {
  const aside = `${path}.new`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(aside, text, { mode: 0o644 });
    await Deno.rename(aside, path);
  } catch (error) {
    throw unwritten(path, error);
  }
}

export async function removeUnitFile({ path }: UnitFile): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    throw unwritten(path, error);
  }
}

function unwritten(path: string, error: unknown): CodedError {
  const why = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Deno.errors.PermissionDenied
    ? "A system unit is written by root; --user makes one of your own."
    : undefined;
  return new CodedError("service_failed", `Cannot change "${path}": ${why}`, hint);
}
