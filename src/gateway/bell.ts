/** Says that something changed to whoever listens. */
export interface Bell<T> {
  ring(what: T): void;
  /** @returns how to hear no more */
  onRing(listener: (what: T) => void): () => void;
}

/** Builds one. */
export function createBell<T>(): Bell<T> {
  const listeners = new Set<(what: T) => void>();
  return {
    ring(what) {
      for (const listener of [...listeners]) listener(what);
    },
    onRing(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
