import { CodedError } from "../domain/failure.ts";
import type { WorkerHandle, Workers } from "./workers.ts";

/** Workers that may live at once; each is a thread of at least 15 MB. */
const MOST_WORKERS = 128;

/** A worker as the thread that started it knows it. */
export interface HostedWorker {
  /** From 1, in the order of starts. */
  readonly id: number;
  /** The end for whoever wants the worker; the other one is in it. May be handed on. */
  readonly port: MessagePort;
  /** Resolves when it ended in any other way than by `end`, with a sentence about why. */
  readonly ended: Promise<string>;
}

/** Starts workers and holds on to each until it has ended. */
export interface WorkerHost {
  /** @throws {CodedError} `runtime_broken` when there is no such kind, or too many live */
  start(kind: string): HostedWorker;
  /** Ends one; nothing happens when it has ended. */
  end(id: number): void;
  endAll(): void;
  /** How many live. */
  living(): number;
}

/**
 * Starts each kind of worker from its script, always without permissions. A worker is spoken to
 * over its port alone: one that sends anything on the channel of its thread is ended at once, since
 * whatever arrives there lies in this thread's memory. An error of a worker ends that worker only.
 */
export function createWorkerHost(
  scripts: Readonly<Record<string, URL>>,
  most: number = MOST_WORKERS,
): WorkerHost {
  const living = new Map<number, Worker>();
  let started = 0;
  const end = (id: number) => {
    living.get(id)?.terminate();
    living.delete(id);
  };
  return {
    start(kind) {
      const script = Object.hasOwn(scripts, kind) ? scripts[kind] : undefined;
      if (script === undefined) throw refused("There is no such kind of worker.");
      if (living.size >= most) throw refused(`${most} workers live already.`);
      const id = ++started;
      const worker = new Worker(script, {
        type: "module",
        name: kind,
        deno: { permissions: "none" },
      });
      living.set(id, worker);
      const ended = new Promise<string>((resolve) => {
        const over = (why: string) => {
          end(id);
          resolve(why);
        };
        worker.onerror = (event) => {
          event.preventDefault();
          over(event.message);
        };
        worker.onmessage = () => over("It spoke where it has nothing to say.");
        worker.onmessageerror = () => over("It spoke where it has nothing to say.");
      });
      const { port1, port2 } = new MessageChannel();
      worker.postMessage(port2, [port2]);
      return { id, port: port1, ended };
    },
    end,
    endAll: () => [...living.keys()].forEach(end),
    living: () => living.size,
  };
}

/** The workers of a host in the same thread. */
export function workersOf(host: WorkerHost): Workers {
  return {
    start: (kind) =>
      Promise.resolve().then((): WorkerHandle => {
        const { id, port, ended } = host.start(kind);
        return {
          port,
          ended,
          end() {
            port.close();
            host.end(id);
            return Promise.resolve();
          },
        };
      }),
  };
}

function refused(message: string): CodedError {
  return new CodedError("runtime_broken", message);
}
