import { pathToFileURL } from "node:url";
import { createWorkerHost, type HostedWorker, workersOf } from "../../src/platform/worker_host.ts";
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
  return workersOf(createWorkerHost({ ...WORKER_SCRIPTS, clam: await bundledClamWorker() }));
}

/** The script of the bundle's clam worker. */
export async function bundledClamWorker(): Promise<URL> {
  return new URL("./clam_worker.js", pathToFileURL(await bundledMain()));
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

/**
 * Workers whose programs share one thread, each in an engine of its own: what one leaves behind in
 * its thread, the next ones meet. A thread that does not listen after a program is ended, and the
 * next program gets a new one. To start a thread for each takes several times as long.
 */
export function createSharedThread(): Workers & Disposable {
  const host = createWorkerHost({ thread: new URL("../fixtures/clam_thread.ts", import.meta.url) });
  let thread: HostedWorker | undefined;
  const findThread = async (): Promise<HostedWorker> => {
    if (thread !== undefined && await listens(thread)) return thread;
    if (thread !== undefined) host.end(thread.id);
    return thread = host.start("thread");
  };
  return {
    async start() {
      const { port, ended } = await findThread();
      const { port1, port2 } = new MessageChannel();
      port.postMessage(port2, [port2]);
      return {
        port: port1,
        ended,
        end() {
          port1.close();
          return Promise.resolve();
        },
      };
    },
    [Symbol.dispose]: host.endAll,
  };
}

/** What is slower than this to answer costs a new thread and nothing else. */
const LISTENING_MS = 300;

/** Whether a thread is done with what it was told before. */
async function listens({ port }: HostedWorker): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), LISTENING_MS);
  port.onmessage = () => resolve(true);
  port.postMessage("listening?");
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    port.onmessage = null;
  }
}

/** The real sandbox over {@linkcode createTestWorkers}. */
export function createTestSandbox(options: Partial<WorkerSandboxOptions> = {}): Sandbox {
  return createWorkerSandbox({ workers: createTestWorkers(), ...options });
}
