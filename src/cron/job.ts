import type { JsonObject } from "../domain/json.ts";

/** When a job is due. */
export type Schedule =
  /** Wall times of a zone, as a cron expression of five fields names them. */
  | { readonly kind: "cron"; readonly expression: string; readonly zone: string }
  /** Every so many milliseconds, counted from `anchor`: a restart moves nothing. */
  | { readonly kind: "every"; readonly ms: number; readonly anchor: number }
  /** Once, in milliseconds since 1970. */
  | { readonly kind: "at"; readonly at: number };

/** What is done when a job is due. */
export type Work =
  /** The text is told as it is; no model reads it. */
  | { readonly kind: "text"; readonly text: string }
  /** The text is said to the assistant, as if somebody had asked. */
  | { readonly kind: "message"; readonly text: string }
  /** A kept clam is run, by its lease. */
  | { readonly kind: "clam"; readonly clam: string; readonly input: JsonObject };

/** What is said for it. */
export function textOfWork(work: Work): string {
  return work.kind === "clam" ? `Run the clam ${work.clam}` : work.text;
}

/** What becomes of due times that passed while nobody looked: the newest is made up, or all, or none. */
export const MISSED_POLICIES = ["once", "skip", "all"] as const;

/** One of {@linkcode MISSED_POLICIES}. */
export type MissedPolicy = typeof MISSED_POLICIES[number];

/** Where what comes of a job is told. Without a place: wherever the owner is reached. */
export interface Delivery {
  /** Nothing is told where this is `false`, but that it failed. */
  readonly deliver: boolean;
  readonly channel?: string;
  /** The conversation within the channel. */
  readonly target?: string;
}

/** Something that is to be done at its times. */
export interface Job {
  /** Eight letters and digits. */
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly schedule: Schedule;
  readonly work: Work;
  readonly missed: MissedPolicy;
  /** How often it is tried again after a failure that may pass. */
  readonly retries: number;
  readonly delivery: Delivery;
  /** It is taken away when it has run once, whatever came of it. */
  readonly deleteAfterRun: boolean;
  /** The conversation in which it was made; its rights are the job's. */
  readonly conversation: string;
  /** What it tells comes from a run that took in text of others: no model that acts reads it. */
  readonly marked?: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When it is due next; absent: never again. */
  readonly nextAt?: number;
}
