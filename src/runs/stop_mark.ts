import type { Failure } from "../domain/failure.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { formatTime } from "../text/local_time.ts";

const NAME = "stop";

/** That everything with an effect was told to stop, in every process of the home. */
export interface StopMark {
  /** Who said so; `undefined` when the mark does not tell. */
  readonly by: string | undefined;
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * Looks for the mark: `stop` in the state directory. Whatever stands there counts, an empty file or
 * one that cannot be read too; it then tells only since when.
 */
export async function readStopMark(state: Files): Promise<StopMark | undefined> {
  const found = await state.stat(NAME);
  if (!found) return undefined;
  const { by, at } = await readMark(state);
  const told = typeof at === "string" ? Date.parse(at) : NaN;
  return {
    by: typeof by === "string" ? by : undefined,
    at: Number.isNaN(told) ? found.modified : told,
  };
}

async function readMark(state: Files): Promise<{ readonly by?: unknown; readonly at?: unknown }> {
  try {
    return JSON.parse(await state.readText(NAME) ?? "") ?? {};
  } catch {
    return {}; // it stands there all the same
  }
}

/** Sets the mark, durably. @returns the one that stands; `isNew` unless it stood there before */
export async function setStopMark(
  state: Files,
  by: string,
  { now }: Pick<Clock, "now">,
): Promise<StopMark & { readonly isNew: boolean }> {
  const before = await readStopMark(state);
  if (before) return { ...before, isNew: false };
  const at = now();
  await state.replace(NAME, `${JSON.stringify({ by, at: new Date(at).toISOString() })}\n`);
  return { by, at, isNew: true };
}

/** Takes the mark away. @returns the one that stood there */
export async function removeStopMark(state: Files): Promise<StopMark | undefined> {
  const before = await readStopMark(state);
  if (before) await state.remove(NAME);
  return before;
}

/** Why nothing with an effect may be done; `undefined` when it may. */
export async function findStop(
  state: Files,
  clock: Pick<Clock, "zone">,
): Promise<Failure | undefined> {
  const mark = await readStopMark(state);
  return mark && {
    code: "stopped",
    message: `ClamBot was told to stop (${describeStop(mark, clock)}), so it does nothing that ` +
      "has an effect.",
    hint: "clambot resume lets it go on.",
  };
}

/** `by ann, 2026-11-24 18:05` */
export function describeStop({ by, at }: StopMark, clock: Pick<Clock, "zone">): string {
  return `${by === undefined ? "" : `by ${by}, `}${formatTime(at, clock.zone())}`;
}
