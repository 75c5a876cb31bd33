import { abortable } from "./abortable.ts";

/** Actions of the same key go one after the other, in their order; of different keys beside each other. */
export interface KeyedQueue {
  /**
   * Runs `action` once those before it have ended. Rejects with the signal's reason, without having
   * run it, when that is aborted while it waits; those behind keep their order.
   */
  run<T>(key: string, action: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Keys that something runs or waits under; one that nobody uses is forgotten. */
  readonly size: number;
}

/** Builds an empty queue. */
export function createKeyedQueue(): KeyedQueue {
  const lasts = new Map<string, Promise<void>>();
  return {
    get size() {
      return lasts.size;
    },
    async run(key, action, signal) {
      signal?.throwIfAborted();
      const before = lasts.get(key);
      const left = Promise.withResolvers<void>();
      const mine = before ? before.then(() => left.promise) : left.promise;
      lasts.set(key, mine);
      mine.then(() => {
        if (lasts.get(key) === mine) lasts.delete(key);
      });
      try {
        if (before) await abortable(before, signal);
        return await action();
      } finally {
        left.resolve(); // who waits behind comes when the one before has gone too
      }
    },
  };
}
