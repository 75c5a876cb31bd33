import type { Engine } from "./_image.ts";
import { parseFromWorker, type WorkerSetup } from "./_protocol.ts";

/** A worker with an engine in it that waits for its one program. */
export interface ReadyWorker {
  readonly worker: Worker;
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
  url: URL,
  engine: () => Promise<Engine>,
  size: number,
  refills = true,
): Pool {
  let waiting: Promise<ReadyWorker>[] = [];
  let isWarm = false;
  let refill: ReturnType<typeof setTimeout> | undefined;
  let opening = new AbortController();
  let lastStart: Promise<unknown> = Promise.resolve();
  /** Starting a worker holds up whoever starts it, so they start one after the other. */
  const start = (signal?: AbortSignal) => {
    const next = lastStart.then(() => startWorker(url, engine(), signal));
    lastStart = next.catch(() => {});
    return next;
  };
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
      for (const one of waiting.splice(0)) one.then(({ worker }) => worker.terminate(), () => {});
    },
  };
}

/** Starts a worker without permissions and waits until its engine stands. */
async function startWorker(
  url: URL,
  engine: Promise<Engine>,
  signal: AbortSignal | undefined,
): Promise<ReadyWorker> {
  signal?.throwIfAborted();
  const worker = new Worker(url, { type: "module", name: "clam", deno: { permissions: "none" } });
  const stop = new SharedArrayBuffer(4);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error("it did not get ready in time")), START_MS);
  const giveUp = () => reject(signal?.reason);
  signal?.addEventListener("abort", giveUp, { once: true });
  worker.onmessage = ({ data }) => {
    if (parseFromWorker(data, 100)?.type === "ready") resolve();
    else reject(new Error("it spoke before it was ready"));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  // the thread starts while the engine is still being compiled
  engine.then(
    (compiled) => worker.postMessage({ engine: compiled, stop } satisfies WorkerSetup),
    reject,
  );
  try {
    await promise;
    return { worker, stop: new Int32Array(stop) };
  } catch (error) {
    worker.terminate();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
    worker.onmessage = null;
  }
}
