import type { Engine } from "./_image.ts";
import type { WorkerHandle, Workers } from "../platform/workers.ts";
import { parseFromWorker, type WorkerSetup } from "./_protocol.ts";

/** A worker with an engine in it that waits for its one program. */
export interface ReadyWorker {
  readonly worker: WorkerHandle;
  /** One `Int32`: anything but 0 makes the engine stop as soon as it looks. */
  readonly stop: Int32Array;
}

/** Workers in waiting. */
export interface Pool {
  /** One that is ready, or a fresh one. @throws {Error} when none can be started. */
  take(): Promise<ReadyWorker>;
  /** Puts `size` of them in waiting. */
  warm(): void;
  /** Ends those in waiting and keeps none any more. */
  close(): void;
}

/** The time a worker has to say that it is ready, in milliseconds. */
const START_MS = 20_000;
/** The run that just took a worker goes first. */
const REFILL_MS = 50;

/**
 * Builds a pool of at most `size` workers in waiting; it starts none before `warm()`, and no further
 * ones after that unless it `refills`.
 */
export function createPool(
  workers: Workers,
  engine: () => Promise<Engine>,
  size: number,
  refills = true,
): Pool {
  let waiting: Promise<ReadyWorker>[] = [];
  let isWarm = false;
  let refill: ReturnType<typeof setTimeout> | undefined;
  let opening = new AbortController();
  const start = (signal?: AbortSignal) => startWorker(workers, engine(), signal);
  const fill = () => {
    while (isWarm && waiting.length < size) {
      const next = start(opening.signal);
      next.catch(() => waiting = waiting.filter((one) => one !== next));
      waiting.push(next);
    }
  };
  return {
    async take() {
      try {
        return await (waiting.shift()?.catch(() => start()) ?? start());
      } finally {
        clearTimeout(refill);
        if (isWarm && refills) refill = setTimeout(fill, REFILL_MS);
      }
    },
    warm() {
      isWarm = true;
      fill();
    },
    close() {
      isWarm = false;
      clearTimeout(refill);
      opening.abort(new Error("the sandbox was closed"));
      opening = new AbortController();
      for (const one of waiting.splice(0)) one.then(({ worker }) => worker.end(), () => {});
    },
  };
}

/** Asks for a worker and waits until its engine stands. */
async function startWorker(
  workers: Workers,
  engine: Promise<Engine>,
  signal: AbortSignal | undefined,
): Promise<ReadyWorker> {
  engine.catch(() => {}); // told below, once there is a worker to end
  signal?.throwIfAborted();
  const worker = await workers.start("clam");
  const stop = new SharedArrayBuffer(4);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error("it did not get ready in time")), START_MS);
  const giveUp = () => reject(signal?.reason);
  signal?.addEventListener("abort", giveUp, { once: true });
  worker.port.onmessage = ({ data }) => {
    if (parseFromWorker(data, 100)?.type === "ready") resolve();
    else reject(new Error("it spoke before it was ready"));
  };
  worker.ended.then((why) => reject(new Error(why)));
  // the thread starts while the engine is still being compiled
  engine.then(
    (compiled) => worker.port.postMessage({ engine: compiled, stop } satisfies WorkerSetup),
    reject,
  );
  try {
    signal?.throwIfAborted();
    await promise;
    return { worker, stop: new Int32Array(stop) };
  } catch (error) {
    promise.catch(() => {});
    worker.end();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
    worker.port.onmessage = null;
  }
}
