import { openVaultOf } from "../../src/app/vault.ts";
import type { CliContext, Launcher } from "../../src/cli/context.ts";
import { tellFailure } from "../../src/cli/failed.ts";
import { runCli } from "../../src/cli/program.ts";
import { createHome, homeLayout, locatePlaces, type Places } from "../../src/config/home.ts";
import { CodedError, type Failure } from "../../src/domain/failure.ts";
import type { Json } from "../../src/domain/json.ts";
import { VERSION } from "../../src/domain/version.ts";
import { openFiles } from "../../src/platform/files.ts";
import type { Terminal } from "../../src/platform/platform.ts";
import type { Start } from "../../src/walls/_messages.ts";
import { answerCore } from "../../src/walls/core_requests.ts";
import { computeWalls, findCredential, readConfig, repairConfig } from "../../src/walls/prepare.ts";
import { NOBODY } from "../fakes/nobody.ts";
import type { Ended, RunSetting } from "./clambot.ts";

/**
 * Does in this process what the launcher and the core do in theirs: the same command line,
 * configuration and home, and no wall around the core. Nobody can be asked.
 */
export async function runHere(
  args: readonly string[],
  directory: string,
  { env, stdin = "" }: RunSetting,
): Promise<Ended> {
  const told = { stdout: "", stderr: "" };
  const terminal = createListener(told, stdin);
  const environment: Readonly<Record<string, string>> = { HOME: directory, ...env };
  const located = locatePlaces(args, (name) => environment[name], directory);
  if (located.kind === "failed") {
    return { code: tellFailure(located.failure, args, terminal), ...told };
  }
  const { places } = located;
  const prepared = await prepare(args, places, environment);
  if ("code" in prepared) return { code: tellFailure(prepared, args, terminal), ...told };
  const code = await runCli(args, contextFrom(prepared, places, terminal, stdin));
  return { code, ...told };
}

function createListener(told: { stdout: string; stderr: string }, stdin: string): Terminal {
  return {
    ...NOBODY,
    input: () => ReadableStream.from([new TextEncoder().encode(stdin)]),
    out: (text) => void (told.stdout += text),
    err: (text) => void (told.stderr += text),
  };
}

function contextFrom(
  start: Start,
  places: Places,
  terminal: Terminal,
  stdin: string,
): CliContext {
  return {
    ...start,
    version: VERSION,
    terminal,
    openFiles,
    vault: openVaultOf({ ...start, openFiles }),
    launcher: launcherFor(start, places, stdin),
    tryWalls: () => Promise.resolve([]), // there are none here
    onInterrupt: () => () => {},
  };
}

async function prepare(
  args: readonly string[],
  { home, config: configPath }: Places,
  environment: Readonly<Record<string, string>>,
): Promise<Start | Failure> {
  const layout = homeLayout(home);
  await Deno.mkdir(home, { recursive: true, mode: 0o700 });
  const repairs = [...await createHome(openFiles(home)), ...await repairConfig(configPath)];
  const read = await readConfig(configPath, configPath !== layout.config);
  if (read.kind === "invalid") return read.failure;
  const { config, warnings } = read;
  const { walls } = await computeWalls(config, layout, configPath);
  return {
    kind: "start",
    args,
    layout,
    configPath,
    config,
    repairs,
    warnings,
    environment,
    envFile: {},
    credential: await findCredential(environment["CREDENTIALS_DIRECTORY"]),
    walls,
  };
}

function launcherFor(start: Start, places: Places, stdin: string): Launcher {
  const ask = async (wanted: Parameters<typeof answerCore>[0]): Promise<Json> => {
    const answer = await answerCore(wanted, start, places);
    if (answer.kind === "answer") return answer.value;
    if (answer.kind !== "refusal") throw new Error(`the launcher said ${answer.kind}`);
    const { code, message, hint } = answer.failure;
    throw new CodedError(code, message, hint);
  };
  return {
    readArgument: async (path) =>
      path === "-" ? stdin : await ask({ kind: "read", id: 1, path }) as string,
    readInput: () => Promise.resolve(stdin),
    changeConfig: async (changes) =>
      await ask({
        kind: "config",
        id: 1,
        changes: changes.map(({ key, value }) => value === undefined ? { key } : { key, value }),
      }) as string[],
  };
}
