/** What of a core can be stopped, and when it is. */
export interface Stops {
  /** Registers how something that runs is stopped; returns how to take it back. */
  onInterrupt(action: () => void): () => void;
  /** Aborts when nothing new may begin. */
  readonly draining: AbortSignal;
  /** The command waits for work: that nothing runs is no reason to leave. */
  wait(): void;
  /** Something that ran has been stopped. */
  hasStopped(): boolean;
  /** Stops everything that runs; where nothing does, the core leaves. */
  interrupt(): void;
  /** Lets what runs go on for a while, then stops it. */
  drain(graceMs: number): void;
}

export function createStops(
  { settled, leave }: {
    /** Something that could be stopped is over. */
    readonly settled: () => void;
    readonly leave: () => void;
  },
): Stops {
  const actions = new Set<() => void>();
  const draining = new AbortController();
  let waits = false;
  let stopped = false;
  const stopAll = () => {
    stopped ||= actions.size > 0;
    [...actions].forEach((action) => action());
  };
  return {
    draining: draining.signal,
    onInterrupt(stop) {
      const action = () => stop(); // the same function may be registered twice
      actions.add(action);
      return () => {
        actions.delete(action);
        settled();
      };
    },
    wait: () => void (waits = true),
    hasStopped: () => stopped,
    interrupt() {
      if (actions.size > 0) stopAll();
      else if (!waits) leave();
    },
    drain(graceMs) {
      draining.abort();
      if (actions.size === 0 && !waits) return leave();
      setTimeout(stopAll, graceMs);
    },
  };
}
