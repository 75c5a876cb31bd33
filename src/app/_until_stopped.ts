import { follow } from "../platform/follow.ts";
import { readStopMark } from "../runs/stop_mark.ts";
import { watchStop } from "../runs/stop_watch.ts";
import type { Stores } from "./stores.ts";

/**
 * Does something in the background, unless everything is stopped. Its signal is aborted with
 * `signal`, and when everything is stopped meanwhile.
 */
export async function untilStopped(
  { state, clock }: Pick<Stores, "state" | "clock">,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  if (await readStopMark(state)) return;
  const stopping = new AbortController();
  const unfollow = follow(stopping, signal);
  const watch = watchStop(state, clock, stopping);
  try {
    await work(stopping.signal);
  } finally {
    unfollow();
    await watch.end();
  }
}
