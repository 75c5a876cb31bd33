import assert from "node:assert/strict";
import { openVaultOf } from "../../src/app/vault.ts";
import type { CliContext, Launcher } from "../../src/cli/context.ts";
import { tellFailure } from "../../src/cli/failed.ts";
import { runCli } from "../../src/cli/program.ts";
import { locatePlaces, type Places } from "../../src/config/home.ts";
import { CodedError, type Failure } from "../../src/domain/failure.ts";
import type { Json } from "../../src/domain/json.ts";
import { VERSION } from "../../src/domain/version.ts";
import { createChildHost } from "../../src/platform/child_host.ts";
import { childOver, type Children } from "../../src/platform/children.ts";
import { openFiles } from "../../src/platform/files.ts";
import type { Terminal } from "../../src/platform/platform.ts";
import type { CoreOrder } from "../../src/walls/_core_thread.ts";
import type { Start } from "../../src/walls/_messages.ts";
import { type CoreConfig, readCoreConfig } from "../../src/walls/core_config.ts";
import { prepare, settle, type Variables } from "../../src/walls/core_order.ts";
import { NO_SERVERS, programOf } from "../../src/walls/server_programs.ts";
import { answerRequest } from "../../src/walls/services.ts";
import { whyNot } from "../../src/walls/why_not.ts";
import { createTestWorkers, createWorkersHere } from "../fakes/workers.ts";
import { NOBODY } from "../fakes/nobody.ts";
import type { Ended, RunSetting } from "./clambot.ts";

/**
 * Does in this process what the launcher and the core do in theirs: the same command line,
 * configuration and home, and no wall around the core. Nobody can be asked.
 */
export async function runHere(
  args: readonly string[],
  directory: string,
  { env, stdin = "", threads }: RunSetting,
): Promise<Ended> {
  const told = { stdout: "", stderr: "" };
  const terminal = createListener(told, stdin);
  const environment: Readonly<Record<string, string>> = { HOME: directory, ...env };
  const end = (failure: Failure) => ({ code: tellFailure(failure, args, terminal), ...told });
  const found = await findStart(args, directory, (name) => environment[name]);
  if ("failure" in found) return end(found.failure);
  const { order: { start, servers }, places } = found;
  const read = await readCoreConfig(start);
  if ("failure" in read) return end(read.failure);
  const workers = threads ? createTestWorkers() : createWorkersHere();
  const host = createChildHost();
  const children: Children = {
    start: (name) =>
      Promise.resolve().then(() => childOver(host.start(programOf(name, servers ?? NO_SERVERS)))),
  };
  const launcher = launcherFor(start, places, stdin);
  const code = await runCli(
    args,
    contextFrom(start, read, { terminal, workers, launcher, children }),
  );
  host.killAll();
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
  read: CoreConfig,
  around: Pick<CliContext, "terminal" | "workers" | "launcher" | "children">,
): CliContext {
  return {
    ...start,
    ...read,
    vault: openVaultOf({ ...start, openFiles }),
    ...around,
    version: VERSION,
    openFiles,
    tryWalls: () => Promise.resolve([]), // there are none here
    onInterrupt: () => () => {},
    service: { serving() {}, draining: new AbortController().signal },
  };
}

/** What the launcher finds out, or why there is no start. */
async function findStart(
  args: readonly string[],
  directory: string,
  variable: Variables,
): Promise<{ readonly order: CoreOrder; readonly places: Places } | { readonly failure: Failure }> {
  const located = locatePlaces(args, variable, directory);
  if (located.kind === "failed") return located;
  try {
    const places = await settle(located.places);
    const { order } = await prepare(args, places, false, variable);
    return { order, places };
  } catch (error) {
    return { failure: whyNot(error, located.places) };
  }
}

function launcherFor({ args }: Start, places: Places, stdin: string): Launcher {
  const ask = async (service: string, order: Json): Promise<Json> => {
    const answer = await answerRequest({ kind: "request", id: 1, service, order }, {
      args,
      places,
      startWorker: () => assert.fail("workers are started by another port here"),
      endWorker: () => assert.fail("workers are ended by another port here"),
      startServer: () => assert.fail("servers are started by another port here"),
    });
    if (answer.kind === "answer") return answer.value;
    if (answer.kind !== "refusal") throw new Error(`the launcher said ${answer.kind}`);
    const { code, message, hint } = answer.failure;
    throw new CodedError(code, message, hint);
  };
  return {
    readArgument: async (path) =>
      path === "-" ? stdin : await ask("read_argument", { path }) as string,
    readClam: async (path) => {
      const files = await ask("read_clam", { path }) as { manifest: string; script: string | null };
      return { manifest: files.manifest, script: files.script ?? undefined };
    },
    writePrompts: async (text) => void await ask("write_prompts", { text }),
    readInput: () => Promise.resolve(stdin),
    changeConfig: async (changes) =>
      await ask("change_config", {
        changes: changes.map(({ key, value }) => value === undefined ? { key } : { key, value }),
      }) as string[],
    openAddress: () => assert.fail("no browser is opened here"),
    unitFile: () => assert.fail("units stand outside the home of a test"),
    startProgram: () => assert.fail("no program is started here"),
  };
}
