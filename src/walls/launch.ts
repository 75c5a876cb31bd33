import { basename, dirname, join } from "node:path";
import { isTrueOf } from "../cli/commands.ts";
import {
  createHome,
  homeLayout,
  locatePlaces,
  type Places,
  refuseForeignHome,
  refuseWithinReach,
} from "../config/home.ts";
import { readWallSettings, type WallSettings } from "../config/wall_settings.ts";
import { CodedError, type Failure } from "../domain/failure.ts";
import { writeAll } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import { createWorkerHost, type HostedWorker, type WorkerHost } from "../platform/worker_host.ts";
import { KEY_VARIABLES } from "../providers/catalog.ts";
import type { CoreOrder } from "./_core_thread.ts";
import {
  computeWalls,
  findCredential,
  findVariables,
  readConfigFile,
  readEnvFile,
  repairConfig,
} from "./prepare.ts";
import { Supervisor, SUPERVISOR_TIMES } from "./supervisor.ts";
import { WORKER_SCRIPTS } from "./worker_scripts.ts";

/** Variables that the core is told. */
const PASSED_ON = ["USER", "USERNAME", "LANG", "HOME", "USERPROFILE"];

const CORE = new URL(import.meta.url.endsWith(".ts") ? "./core.ts" : "./core.js", import.meta.url);

/**
 * Starts the program: finds the configuration, computes what the core may do, starts the core as
 * a worker with exactly these permissions, and passes on its exit code. The launcher is the only
 * holder of the process's permissions and runs no code of models or tools.
 */
export async function launch(args: readonly string[]): Promise<void> {
  const located = locatePlaces(args, (name) => Deno.env.get(name), Deno.cwd());
  if (located.kind === "failed") return fail(located.failure, args);
  try {
    const places = await settle(located.places);
    const workers = createWorkerHost(WORKER_SCRIPTS);
    const spare = startSpare(args, workers);
    const isService = isTrueOf(args, "isService");
    const { order, settings } = await prepare(args, places, isService);
    const supervisor = new Supervisor({
      ...{ core: CORE, times: SUPERVISOR_TIMES, args, places, workers, isService, spare },
      bounds: settings,
      reload: () => prepareAnew(args, places, isService),
      say: (sentence) => writeAll(Deno.stderr, `clambot: ${sentence}\n`),
      fail: (failure) => void fail(failure, args),
      exit: (code) => Deno.exit(code),
    });
    supervisor.start(order);
    takeSignals(supervisor, isService);
    if (!isService) giveUpRights(args);
  } catch (error) {
    const { whyNot } = await import("./why_not.ts");
    fail(whyNot(error, located.places), args);
  }
}

/**
 * Creates the home directory and follows links to where it really is.
 * @throws {CodedError} `usage` when the configuration is, by way of a link, where the core writes
 */
async function settle(places: Places): Promise<Places> {
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

function startSpare(
  args: readonly string[],
  workers: WorkerHost,
): { readonly kind: string; readonly worker: HostedWorker } | undefined {
  const isHelp = ["--help", "-h"].some((option) => args.includes(option));
  if (isHelp || !isTrueOf(args, "runsClams")) return undefined;
  return { kind: "clam", worker: workers.start("clam") };
}

/** Makes the home whole and reads what the core is started with. */
async function prepare(
  args: readonly string[],
  places: Places,
  isService: boolean,
): Promise<{ readonly order: CoreOrder; readonly settings: WallSettings }> {
  const layout = homeLayout(places.home);
  const repairs = [
    ...await createHome(openFiles(places.home)),
    ...await repairConfig(places.config),
  ];
  const configText = await readConfigFile(places.config);
  const settings = readWallSettings(configText ?? "{}");
  const { walls, permissions } = await computeWalls(settings, layout, places.config, !isService);
  const order: CoreOrder = {
    permissions,
    start: {
      kind: "start",
      args,
      isService,
      layout,
      configPath: places.config,
      configText,
      configIsNamed: places.config !== layout.config,
      repairs,
      environment: pickEnvironment(args),
      envFile: isTrueOf(args, "seesKeys") ? await readEnvFile(places.envFile) : {},
      variables: isTrueOf(args, "runsPrograms")
        ? await findVariables(settings, places.envFile)
        : {},
      credential: await findCredential(Deno.env.get("CREDENTIALS_DIRECTORY")),
      walls,
    },
  };
  return { order, settings };
}

/** The same for a service that goes on. @throws {CodedError} when the schema refuses what it reads */
async function prepareAnew(
  args: readonly string[],
  places: Places,
  isService: boolean,
): Promise<CoreOrder> {
  const { order } = await prepare(args, places, isService);
  const { readCoreConfig } = await import("./core_config.ts");
  const read = readCoreConfig(order.start);
  if (!("failure" in read)) return order;
  const { code, message, hint } = read.failure;
  throw new CodedError(code, message, hint);
}

function pickEnvironment(args: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of isTrueOf(args, "seesKeys") ? [...PASSED_ON, ...KEY_VARIABLES] : PASSED_ON) {
    const value = Deno.env.get(name);
    if (value !== undefined) found[name] = value;
  }
  const zone = Deno.env.get("TZ");
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

function takeSignals(supervisor: Supervisor, isService: boolean): void {
  Deno.addSignalListener("SIGINT", () => supervisor.signal("SIGINT"));
  if (Deno.build.os === "windows") return;
  Deno.addSignalListener("SIGTERM", () => supervisor.signal("SIGTERM"));
  if (isService) Deno.addSignalListener("SIGHUP", () => supervisor.signal("SIGHUP"));
}

/**
 * From here on the launcher itself needs no network, and knows enough of the environment; where it
 * may have to ask a person, the terminal is known by variables.
 */
function giveUpRights(args: readonly string[]): void {
  Deno.permissions.revokeSync({ name: "net" });
  if (!isTrueOf(args, "mayWriteConfig")) Deno.permissions.revokeSync({ name: "env" });
}

async function fail(failure: Failure, args: readonly string[]): Promise<void> {
  const { tellFailure } = await import("../cli/failed.ts");
  const { createTerminal } = await import("../platform/deno.ts");
  Deno.exit(tellFailure(failure, args, createTerminal()));
}
