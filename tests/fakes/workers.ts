import { pathToFileURL } from "node:url";
import { createWorkerHost, workersOf } from "../../src/platform/worker_host.ts";
import type { WorkerHandle, Workers } from "../../src/platform/workers.ts";
import { serveProgram } from "../../src/sandbox/_serve.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import {
  createWorkerSandbox,
  type WorkerSandboxOptions,
} from "../../src/sandbox/worker_sandbox.ts";
import { WORKER_SCRIPTS } from "../../src/walls/worker_scripts.ts";
import { bundledMain } from "../flows/bundled.ts";

/** The program's own workers, started by this thread as the launcher starts them. */
export function createTestWorkers(): Workers {
  return workersOf(createWorkerHost(WORKER_SCRIPTS));
}

/** The same from the bundle, whose clam worker is one file: it starts in four fifths of the time. */
export async function createBundledWorkers(): Promise<Workers> {
  const clam = new URL("./clam_worker.js", pathToFileURL(await bundledMain()));
  return workersOf(createWorkerHost({ ...WORKER_SCRIPTS, clam }));
}

/**
 * The same, but programs run in this thread: for tests that ask what a program does and not what
 * holds it. Engine and protocol are the real ones; a thread for each takes seven times as long.
 */
export function createWorkersHere(): Workers {
  const others = createTestWorkers();
  return {
    start: (kind) => kind === "clam" ? Promise.resolve(startHere()) : others.start(kind),
  };
}

function startHere(): WorkerHandle {
  const { port1, port2 } = new MessageChannel();
  serveProgram(port2);
  return {
    port: port1,
    ended: new Promise(() => {}),
    end() {
      port1.close();
      return Promise.resolve();
    },
  };
}

/** The real sandbox over {@linkcode createTestWorkers}. */
export function createTestSandbox(options: Partial<WorkerSandboxOptions> = {}): Sandbox {
  return createWorkerSandbox({ workers: createTestWorkers(), ...options });
}
