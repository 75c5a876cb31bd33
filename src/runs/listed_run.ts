import type { RunEnd } from "./line.ts";
import type { RunRecord } from "./record.ts";

/** How a run stands. */
export type RunStanding =
  /** A process is at it. */
  | "running"
  /** A question of it, or of a run that is a part of it, is open. */
  | "waiting"
  /** Its process ended before it did. */
  | "interrupted"
  /** Its file is not as it was written; nothing is done with it. */
  | "damaged"
  | RunEnd;

/** A place in a run's file that is not as it was meant to be. */
export interface RunFlaw {
  /** `changed`: not as it was written. `torn`: an unfinished line at the end, which going on cuts off. */
  readonly kind: "changed" | "torn";
  /** Below the directory of the runs. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Bytes before it. */
  readonly offset: number;
}

/** A run as a list shows it. */
export interface ListedRun {
  readonly run: string;
  readonly state: RunStanding;
  /** Absent where nothing of the file can be trusted. */
  readonly record?: RunRecord;
  readonly flaw?: RunFlaw;
}
