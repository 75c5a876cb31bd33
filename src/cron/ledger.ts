/** How one run of a job stands, or ended. */
export const JOB_RUN_STATES = [
  /** To be started, or tried again, at its time. */
  "planned",
  "running",
  /** It waits for a person. */
  "waiting",
  "done",
  "failed",
  /** Not begun: the run before it had not ended, or everything was stopped. */
  "skipped",
  /** Its time passed while nobody looked. */
  "missed",
] as const;

/** One of {@linkcode JOB_RUN_STATES}. */
export type JobRunState = typeof JOB_RUN_STATES[number];

/** What became of a job at one of its times. There is one for each. */
export interface JobRun {
  readonly job: string;
  /** The job's name then. */
  readonly name: string;
  /** When it was due, in milliseconds since 1970. */
  readonly due: number;
  readonly state: JobRunState;
  /** How often it was begun. */
  readonly tries: number;
  /** The turn of the last try; the same after every restart. */
  readonly turn?: string;
  /** A process ended while it ran, and another one went on with it. */
  readonly resumed: boolean;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** When it is to be started. */
  readonly nextTry?: number;
  /** Why it failed, for programs. */
  readonly code?: string;
  /** Why it failed, was skipped or missed: a sentence. */
  readonly reason?: string;
}

/** States after which nothing comes. */
export type EndState = Extract<JobRunState, "done" | "failed" | "skipped" | "missed">;

/** What is noted about a run. */
export interface JobRunEnd {
  readonly state: EndState;
  readonly code?: string;
  readonly reason?: string;
}
