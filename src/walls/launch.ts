import { basename, dirname, join } from "node:path";
import { commandWords } from "../cli/command_words.ts";
import { isTrueOf } from "../cli/commands.ts";
import {
  createHome,
  homeLayout,
  locatePlaces,
  type Places,
  refuseForeignHome,
  refuseWithinReach,
} from "../config/home.ts";
import type { Failure } from "../domain/failure.ts";
import { VERSION } from "../domain/version.ts";
import { openFiles } from "../platform/files.ts";
import type { Start, ToCore } from "./_messages.ts";
import { readToLauncher } from "./_messages.ts";

/** Variables that the core is told. */
const PASSED_ON = ["USER", "USERNAME", "LANG", "HOME", "USERPROFILE"];

/** Variables that onboarding looks for. */
const KEYS = [
  "OPENROUTER_API_KEY",
  "ANTHROPIC_API_KEY",
  "OPENAI_API_KEY",
  "DEEPSEEK_API_KEY",
  "GROQ_API_KEY",
  "GEMINI_API_KEY",
  "OLLAMA_HOST",
];

/** Milliseconds that the core has for ending when it must. */
const FORCE_MS = 1_500;

/**
 * Starts the program: finds the configuration, computes what the core may do, starts the core as
 * a worker with exactly these permissions, and passes on its exit code. The launcher is the only
 * holder of the process's permissions and runs no code of models or tools.
 */
export async function launch(args: readonly string[]): Promise<void> {
  if (args[0] === "--version") return printVersion();
  const located = locatePlaces(args, (name) => Deno.env.get(name), Deno.cwd());
  if (located.kind === "failed") return fail(located.failure, args);
  try {
    const places = await settle(located.places);
    const prepared = await prepare(args, places);
    if (prepared.kind === "failed") return fail(prepared.failure, args);
    startCore(prepared.start, prepared.permissions, places);
  } catch (error) {
    const { whyNot } = await import("./why_not.ts");
    fail(whyNot(error, located.places), args);
  }
}

function printVersion(): void {
  try {
    Deno.stdout.writeSync(new TextEncoder().encode(`${VERSION}\n`));
  } catch {
    Deno.exit(1); // nobody reads it
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

type Prepared =
  | { readonly kind: "failed"; readonly failure: Failure }
  | {
    readonly kind: "ready";
    readonly start: Start;
    readonly permissions: Deno.PermissionOptionsObject;
  };

async function prepare(args: readonly string[], places: Places): Promise<Prepared> {
  const layout = homeLayout(places.home);
  const { computeWalls, readConfig, findCredential, withoutConfig, readEnvFile, repairConfig } =
    await import(
      "./prepare.ts"
    );
  const repaired = [
    ...await createHome(openFiles(places.home)),
    ...await repairConfig(places.config),
  ];
  const found = await readConfig(places.config, places.config !== layout.config);
  if (found.kind === "invalid" && !worksAnyhow(args)) {
    return { kind: "failed", failure: found.failure };
  }
  const read = found.kind === "ok" ? found : withoutConfig(found.failure);
  const { walls, permissions } = await computeWalls(read.config, layout, places.config);
  return {
    kind: "ready",
    permissions,
    start: {
      kind: "start",
      args,
      layout,
      configPath: places.config,
      config: read.config,
      repairs: repaired,
      warnings: read.warnings,
      environment: pickEnvironment(args),
      envFile: isTrueOf(args, "seesKeys") ? await readEnvFile(places.envFile) : {},
      credential: await findCredential(Deno.env.get("CREDENTIALS_DIRECTORY")),
      walls,
    },
  };
}

/** What helps to mend a configuration must not need one. */
function worksAnyhow(args: readonly string[]): boolean {
  const [command = "help"] = commandWords(args);
  return command === "help" || isTrueOf(args, "worksWithoutConfig") ||
    ["--help", "-h"].includes(args.at(-1) ?? "");
}

function pickEnvironment(args: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of isTrueOf(args, "seesKeys") ? [...PASSED_ON, ...KEYS] : PASSED_ON) {
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

function startCore(
  start: Start,
  permissions: Deno.PermissionOptionsObject,
  places: Places,
): void {
  const core = new Worker(
    new URL(import.meta.url.endsWith(".ts") ? "./core.ts" : "./core.js", import.meta.url),
    { type: "module", name: "core", deno: { permissions } },
  );
  const tell = (message: ToCore) => core.postMessage(message);
  const signals = relaySignals(tell);
  core.onerror = (event) => {
    event.preventDefault();
    const message = `ClamBot stopped unexpectedly: ${event.message}`;
    fail({ code: "internal", message }, start.args);
  };
  core.onmessage = async ({ data }) => {
    const message = readToLauncher(data);
    if (message === undefined) return;
    if (message.kind === "ready") return tell(start);
    if (message.kind === "settled") return signals.settle();
    if (message.kind === "exit") return Deno.exit(signals.exitCode(message.code));
    const { answerCore } = await import("./core_requests.ts");
    tell(await answerCore(message, start, places));
  };
}

/**
 * Hands Ctrl-C and stop signals to the core. A second Ctrl-C before the first has stopped anything,
 * or a stop signal, ends the process even if the core does not.
 */
function relaySignals(tell: (message: ToCore) => void): {
  /** For when an interrupt has stopped what it was to stop. */
  readonly settle: () => void;
  /** The exit code of the process, given the core's: shells know a stop signal by 143. */
  readonly exitCode: (code: number) => number;
} {
  let received = 0;
  let stopped = false;
  let forcing: ReturnType<typeof setTimeout> | undefined;
  Deno.addSignalListener("SIGINT", () => {
    received++;
    tell({ kind: "interrupt" });
    if (received > 1) forcing ??= setTimeout(() => Deno.exit(130), FORCE_MS);
  });
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGTERM", () => {
      stopped = true;
      tell({ kind: "interrupt" });
      setTimeout(() => Deno.exit(143), FORCE_MS);
    });
  }
  return {
    settle() {
      received = 0;
      clearTimeout(forcing);
      forcing = undefined;
    },
    exitCode: (code) => stopped && code === 130 ? 143 : code,
  };
}

async function fail(failure: Failure, args: readonly string[]): Promise<void> {
  const { tellFailure } = await import("../cli/failed.ts");
  const { createTerminal } = await import("../platform/deno.ts");
  Deno.exit(tellFailure(failure, args, createTerminal()));
}
