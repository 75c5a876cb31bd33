import type { Failure } from "../domain/failure.ts";
import type { RunOutcome } from "../domain/turn.ts";
import { abortable } from "../platform/abortable.ts";
import type { Workers } from "../platform/workers.ts";
import { escapeText } from "../text/escape.ts";
import { isLarger } from "./_bytes.ts";
import type { Engine } from "./_image.ts";
import { nameTools } from "./_names.ts";
import { createPool, type Pool, type ReadyWorker } from "./_pool.ts";
import type { RunOrder } from "./_protocol.ts";
import { limitFailure } from "./_sentences.ts";
import { supervise } from "./_supervise.ts";
import type { Limits, Program, Sandbox } from "./sandbox.ts";

export interface WorkerSandboxOptions {
  readonly workers: Workers;
  /** Workers in waiting after `warm()`. Default 1; each needs about 15 MB. */
  readonly poolSize?: number;
  /** Start a further worker for each one taken. Default true; `false` for a program that ends. */
  readonly refill?: boolean;
}

/** Builds a sandbox of QuickJS engines, each in a single-use worker without any permission. */
export function createWorkerSandbox(options: WorkerSandboxOptions): Sandbox {
  const pool = createPool(
    options.workers,
    compiled,
    options.poolSize ?? 1,
    options.refill ?? true,
  );
  return {
    async run(program, limits, host, signal) {
      if (signal.aborted) return { kind: "cancelled", console: [] };
      const order = read(program, limits);
      if ("code" in order) return failed(order);
      try {
        const ready = await takeUnlessAborted(pool, signal);
        return await supervise(ready, order, host, signal);
      } catch (error) {
        if (signal.aborted) return { kind: "cancelled", console: [] };
        return failed({
          code: "runtime_broken",
          message: `No worker could be started: ${firstLine(error)}`,
        });
      }
    },
    warm: pool.warm,
    close: pool.close,
  };
}

/** A worker of the pool; one that comes too late is ended. */
async function takeUnlessAborted(pool: Pool, signal: AbortSignal): Promise<ReadyWorker> {
  const taking = pool.take();
  try {
    return await abortable(taking, signal);
  } catch (error) {
    taking.then(({ worker }) => worker.end(), () => {});
    throw error;
  }
}

/** The engine of all sandboxes of a process: nothing of it ever changes. */
const compiled = loadOnce();

/** Gives the engine; what failed is tried again. */
function loadOnce(): () => Promise<Engine> {
  let engine: Promise<Engine> | undefined;
  return () => {
    engine ??= loadEngine().catch((error) => {
      engine = undefined;
      throw error;
    });
    return engine;
  };
}

/** Compiles the engine; its image is made here where none was made when the program was built. */
async function loadEngine(): Promise<Engine> {
  const { parts } = await import("./_engine.ts");
  const module = await WebAssembly.compile(parts.wasm);
  if (parts.image !== undefined) return { module, image: parts.image };
  const { makeImage } = await import("./_make_image.ts");
  return { module, image: await makeImage(module) };
}

/** The order for the worker, or why there can be none. */
function read(program: Program, limits: Limits): RunOrder | Failure {
  const { source, args, seed, now, timezoneOffset } = program;
  if (isLarger(source, limits.sourceBytes)) {
    return limitFailure("script_too_large", limits);
  }
  const tools = nameTools(program.tools);
  if ("clash" in tools) {
    return {
      code: "undeclared_tool",
      message: `The tool "${tools.clash}" cannot have its name inside a program`,
    };
  }
  return { type: "run", source, args, tools, seed, now, timezoneOffset, limits };
}

function failed(failure: Failure): RunOutcome {
  return { kind: "failed", failure, console: [] };
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return escapeText(text.split("\n")[0] ?? "");
}
