import { createWorkerHost, workersOf } from "../../src/platform/worker_host.ts";
import type { Workers } from "../../src/platform/workers.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import {
  createWorkerSandbox,
  type WorkerSandboxOptions,
} from "../../src/sandbox/worker_sandbox.ts";
import { WORKER_SCRIPTS } from "../../src/walls/worker_scripts.ts";

/** The program's own workers, started by this thread as the launcher starts them. */
export function createTestWorkers(): Workers {
  return workersOf(createWorkerHost(WORKER_SCRIPTS));
}

/** The real sandbox over {@linkcode createTestWorkers}. */
export function createTestSandbox(options: Omit<WorkerSandboxOptions, "workers"> = {}): Sandbox {
  return createWorkerSandbox({ workers: createTestWorkers(), ...options });
}
