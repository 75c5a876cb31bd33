import { CodedError } from "../domain/failure.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { findStop, readStopMark } from "./stop_mark.ts";

/** Milliseconds between two looks. */
const LOOK_MS = 250;

/** Looks for the mark that stops everything, as long as something is under way. */
export interface StopWatch {
  /** Resolves when it no longer looks. */
  end(): Promise<void>;
}

/**
 * Aborts what is under way when the mark is set meanwhile, by any process of the home. A mark that
 * stood there before aborts nothing: what has no effect may still be done.
 */
export function watchStop(
  state: Files,
  clock: Clock,
  underway: AbortController,
): StopWatch {
  const ending = new AbortController();
  const watching = watch(state, clock, underway, ending.signal);
  return {
    end() {
      ending.abort();
      return watching;
    },
  };
}

async function watch(
  state: Files,
  clock: Clock,
  underway: AbortController,
  ending: AbortSignal,
): Promise<void> {
  let known = await setAt(state, undefined);
  while (!underway.signal.aborted) {
    await clock.sleep(LOOK_MS, ending).catch(() => {});
    if (ending.aborted) return;
    const at = await setAt(state, known);
    if (at !== undefined && at !== known) return await abort(state, clock, underway);
    known = at;
  }
}

/** When the mark was set. Where that cannot be found out, each effect is refused anyway. */
async function setAt(state: Files, otherwise: number | undefined): Promise<number | undefined> {
  try {
    return (await readStopMark(state))?.at;
  } catch {
    return otherwise;
  }
}

async function abort(
  state: Files,
  clock: Clock,
  underway: AbortController,
): Promise<void> {
  const failure = await findStop(state, clock).catch(() => undefined);
  const { message, hint } = failure ?? { message: "ClamBot was told to stop." };
  underway.abort(new CodedError("stopped", message, hint));
}
