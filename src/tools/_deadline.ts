/** A time limit that can stand still. */
export interface Deadline {
  /** Aborted when the time is up. */
  readonly signal: AbortSignal;
  /** Runs something whose time does not count. */
  without<T>(action: () => Promise<T>): Promise<T>;
  stop(): void;
}

/** Starts a limit of `ms` milliseconds. */
export function startDeadline(ms: number): Deadline {
  const controller = new AbortController();
  let left = ms;
  let since = performance.now();
  const start = () => setTimeout(() => controller.abort(), left);
  let timer = start();
  return {
    signal: controller.signal,
    async without(action) {
      clearTimeout(timer);
      left -= performance.now() - since;
      try {
        return await action();
      } finally {
        since = performance.now();
        timer = start();
      }
    },
    stop: () => clearTimeout(timer),
  };
}
