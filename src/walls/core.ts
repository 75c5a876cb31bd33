import { openVaultOf } from "../app/vault.ts";
import { runCli, tellError } from "../cli/program.ts";
import type { CliContext, WallTrial } from "../cli/context.ts";
import { CodedError } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import { VERSION } from "../domain/version.ts";
import { createTerminal, readInput } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import type { Start, ToCore, ToLauncher } from "./_messages.ts";
import type { Targets, Trial } from "./prove.ts";

// The core: everything but the launcher's few services runs here, in a worker whose permissions
// the launcher computed. This file is its entry.

const scope = self as unknown as {
  postMessage(message: ToLauncher): void;
  onmessage: (event: MessageEvent<ToCore>) => void;
};

/** Bytes of what is piped in: a key, or the address that a login ended at. */
const LARGEST_INPUT = 65_536;

const waiting = new Map<number, PromiseWithResolvers<Json>>();
const interrupts: (() => void)[] = [];
let questions = 0;

scope.onmessage = ({ data }) => {
  switch (data.kind) {
    case "start":
      return void begin(data);
    case "interrupt":
      return interrupt();
    case "answer":
      waiting.get(data.id)?.resolve(data.value);
      return void waiting.delete(data.id);
    case "refusal": {
      const { code, message, hint } = data.failure;
      waiting.get(data.id)?.reject(new CodedError(code, message, hint));
      return void waiting.delete(data.id);
    }
  }
};
scope.postMessage({ kind: "ready" });

async function begin(start: Start): Promise<void> {
  const context = contextFrom(start);
  // what nobody waited for ends the program too, but without a stack trace
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    const code = tellError(event.reason, start.args, context);
    scope.postMessage({ kind: "exit", code });
  });
  const code = await runCli(start.args, context);
  scope.postMessage({ kind: "exit", code });
}

function contextFrom(start: Start): CliContext {
  const { layout, configPath, config, repairs, warnings, environment, envFile, walls } = start;
  const { credential } = start;
  return {
    version: VERSION,
    layout,
    configPath,
    config,
    repairs,
    warnings,
    environment,
    envFile,
    walls,
    credential,
    vault: openVaultOf({ layout, openFiles, credential }),
    terminal: createTerminal(),
    openFiles,
    launcher: {
      readArgument: async (path) => await ask({ kind: "read", path }) as string,
      readInput: () => readInput(LARGEST_INPUT),
      changeConfig: async (changes) =>
        await ask({
          kind: "config",
          changes: changes.map(({ key, value }) => value === undefined ? { key } : { key, value }),
        }) as string[],
    },
    tryWalls: () => tryWalls(start),
    onInterrupt(action) {
      interrupts.push(action);
      return () => {
        const place = interrupts.indexOf(action);
        if (place >= 0) interrupts.splice(place, 1);
        scope.postMessage({ kind: "settled" });
      };
    },
  };
}

/** Tries the core's wall here, and a clam's wall in a worker that has its permissions. */
async function tryWalls(start: Start): Promise<WallTrial[]> {
  const { tryEverything } = await import("./prove.ts");
  const targets = {
    outsideFile: "/etc/hosts",
    outsideWrite: `/tmp/clambot-trial-${crypto.randomUUID()}`,
    config: start.configPath,
    connect: { hostname: "127.0.0.1", port: 9 },
    program: "/bin/true",
    foreignModule: "https://example.invalid/x.js",
  };
  const core = await tryEverything(targets);
  const clam = await tryAsClam(targets);
  return [
    ...core.map((trial) => ({ wall: "core", ...trial })),
    ...clam.map((trial) => ({ wall: "clam", ...trial })),
  ];
}

function tryAsClam(targets: Targets): Promise<Trial[]> {
  const worker = new Worker(
    new URL(
      import.meta.url.endsWith(".ts") ? "./probe_worker.ts" : "./probe_worker.js",
      import.meta.url,
    ),
    { type: "module", deno: { permissions: "none" } },
  );
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`The walls cannot be tried: ${event.message}`));
    };
    worker.onmessage = ({ data }) => {
      if (data === "ready") return worker.postMessage(targets);
      worker.terminate();
      resolve(data as Trial[]);
    };
  });
}

type Question =
  | { readonly kind: "read"; readonly path: string }
  | {
    readonly kind: "config";
    readonly changes: readonly { readonly key: string; readonly value?: Json }[];
  };

function ask(question: Question): Promise<Json> {
  const id = ++questions;
  const answer = Promise.withResolvers<Json>();
  waiting.set(id, answer);
  scope.postMessage({ ...question, id });
  return answer.promise;
}

/** The latest registered action takes the interrupt; without one the program ends. */
function interrupt(): void {
  const action = interrupts.at(-1);
  if (action) action();
  else scope.postMessage({ kind: "exit", code: 130 });
}
