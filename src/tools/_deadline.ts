import { follow } from "../platform/follow.ts";

/** A time limit that can stand still. */
export interface Deadline {
  /** Aborted when the time is up, or with its parent. */
  readonly signal: AbortSignal;
  /** Runs something whose time does not count. */
  without<T>(action: () => Promise<T>): Promise<T>;
  stop(): void;
}

/** Starts a limit of `ms` milliseconds; its signal is aborted with `parent` too. */
export function startDeadline(ms: number, parent: AbortSignal): Deadline {
  const controller = new AbortController();
  const unfollow = follow(controller, parent);
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
    stop() {
      unfollow();
      clearTimeout(timer);
    },
  };
}
