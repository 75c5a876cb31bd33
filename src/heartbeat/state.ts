import type { Json } from "../domain/json.ts";
import type { Files } from "../platform/platform.ts";

/** What is known of a standing task. Times in milliseconds since 1970. */
export interface KnownTask {
  /** When it was first seen in the file. */
  readonly seen: number;
  /** The tick or the time that it was done for last. */
  readonly ran?: number;
  /** How often it failed since it succeeded. */
  readonly failures?: number;
  /** What was reported of it last, so that it is not told twice. */
  readonly told?: string;
  /** The turn that waits for a person. */
  readonly waits?: string;
}

/** A tick that is under way. */
export interface Tick {
  readonly due: number;
  /** Requests to models so far. */
  readonly calls: number;
  /** Ids of tasks that come after this one. */
  readonly left: readonly string[];
  /** The task that is being done, and the turn in which it is. */
  readonly at: { readonly id: string; readonly turn: string };
  /** Why it failed, where a task of it did. */
  readonly failed?: string;
}

/** Where the heartbeat stands. */
export interface BeatState {
  /** When the next tick is due; 0: nothing has ticked yet. */
  readonly next: number;
  readonly tasks: Readonly<Record<string, KnownTask>>;
  readonly tick?: Tick;
}

const NAME = "heartbeat.json";

/** Reads it from the state directory. What cannot be read is as if nothing had ticked yet. */
export async function loadBeatState(files: Files): Promise<BeatState> {
  try {
    const value = JSON.parse(await files.readText(NAME) ?? "{}") as Json;
    const { next = 0, tasks = {}, tick } = (value ?? {}) as unknown as Partial<BeatState>;
    const isWhole = Number.isFinite(next) && typeof tasks === "object" && tasks !== null;
    if (isWhole) return { next, tasks, ...(tick ? { tick } : {}) };
  } catch {
    // no JSON
  }
  return { next: 0, tasks: {} };
}

/** Writes it; it is on disk when this resolves. */
export async function saveBeatState(files: Files, state: BeatState): Promise<void> {
  await files.replace(NAME, JSON.stringify(state));
}
