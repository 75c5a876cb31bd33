import { CodedError } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import { childOver, type Children } from "../platform/children.ts";
import type { WorkerHandle, Workers } from "../platform/workers.ts";
import type { ToCore, ToLauncher } from "./_messages.ts";

/** The core's end of the talk with its launcher. */
export interface LauncherLink {
  /** Takes what the launcher answers. */
  hear(message: Extract<ToCore, { kind: "answer" | "refusal" | "worker_ended" }>): void;
  /** Asks for a service. @throws {CodedError} what the launcher says against it */
  ask(service: string, order: Json): Promise<Json>;
  /** Workers that the launcher starts. */
  readonly workers: Workers;
  /** Programs of MCP servers that it starts. */
  readonly children: Children;
}

/** What a service gives. */
interface Given {
  readonly value: Json;
  readonly port?: MessagePort;
}

/** The time for the launcher to say that a worker has ended, in milliseconds. */
const END_MS = 1_000;

/** `complain` gets a sentence about what should not be. */
export function createLauncherLink(
  post: (message: ToLauncher) => void,
  complain: (sentence: string) => void,
): LauncherLink {
  const waiting = new Map<number, PromiseWithResolvers<Given>>();
  const endings = new Map<number, (why: string) => void>();
  let asked = 0;
  const request = (service: string, order: Json): Promise<Given> => {
    const id = ++asked;
    const answer = Promise.withResolvers<Given>();
    waiting.set(id, answer);
    post({ kind: "request", id, service, order });
    return answer.promise;
  };
  const end = async (worker: number) => {
    endings.delete(worker);
    const done = request("end_worker", { worker }).then(() => true, () => true);
    if (await within(END_MS, done)) return;
    complain(`A worker did not end within ${END_MS / 1000} s.`);
  };
  return {
    hear(message) {
      if (message.kind === "worker_ended") {
        endings.get(message.worker)?.(message.why ?? "It has ended.");
        return void endings.delete(message.worker);
      }
      const asker = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.kind === "answer") return asker?.resolve(message);
      const { code, message: words, hint } = message.failure;
      if (asker) asker.reject(new CodedError(code, words, hint));
      else complain(words);
    },
    ask: async (service, order) => (await request(service, order)).value,
    children: {
      async start(server) {
        const { port } = await request("start_server", { server });
        if (port !== undefined) return childOver(port);
        throw new CodedError("server_failed", "The launcher gave no pipes.");
      },
    },
    workers: {
      async start(kind): Promise<WorkerHandle> {
        const { value: worker, port } = await request("start_worker", { kind });
        if (typeof worker !== "number" || port === undefined) {
          throw new CodedError("runtime_broken", "The launcher gave no worker.");
        }
        return {
          port,
          ended: new Promise((resolve) => endings.set(worker, resolve)),
          async end() {
            port.close();
            await end(worker);
          },
        };
      },
    },
  };
}

/** Whether the promise resolved to `true` in time. */
async function within(ms: number, done: Promise<boolean>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([done, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
