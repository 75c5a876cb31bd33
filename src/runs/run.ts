import type { Artefacts } from "../artefacts/artefacts.ts";
import type { Audit } from "../audit/audit.ts";
import type { Failure } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { RunOutcome } from "../domain/turn.ts";
import type { Clock, Files, Random } from "../platform/platform.ts";
import type { Attempt } from "./attempt.ts";
import type {
  AnsweredBy,
  Opening,
  QuestionEnd,
  QuestionMatter,
  RecordedProgram,
  RunEnd,
} from "./line.ts";
import type { QuestionRecord, RunRecord } from "./record.ts";

/** One run, in the hands of one process. */
export interface Run {
  readonly id: string;
  /** What its file says so far. */
  readonly record: RunRecord;
  /** Begins a program: its calls are answered from what earlier ones did. */
  beginAttempt(program: RecordedProgram, memo: Json): Promise<Attempt>;
  /**
   * The program that another process began and did not bring to its end.
   * @throws {CodedError} `run_damaged` when it is not on record as it ran
   */
  lastAttempt(): Promise<LastAttempt | undefined>;
  /** Puts on record how the program of the last attempt ended. */
  came(outcome: RunOutcome): Promise<void>;
  /** The question about a call of the last attempt, if it was asked. */
  findQuestion(
    matter: QuestionMatter["kind"],
    call: number,
    fingerprint: string,
  ): QuestionRecord | undefined;
  /** Puts a question on record; it is durable before anybody is asked. */
  ask(
    question: Pick<QuestionRecord, "call" | "fingerprint" | "matter">,
  ): Promise<QuestionRecord>;
  /** Puts its answer on record; durable before it counts. The first one counts. */
  answer(question: string, reply: QuestionEnd, by: AnsweredBy): Promise<void>;
  /** The first question that nobody has answered, of itself or of a part. */
  readonly waits: QuestionRecord | undefined;
  /** A part of the run waits for this question, and the run with it. */
  waitFor(question: QuestionRecord): void;
  /** Ends it for good, and lets go of its file. A run without a program leaves nothing behind. */
  end(how: RunEnd, failure?: Failure): Promise<void>;
  /** Lets go of its file. A run that has not ended can be taken up again. */
  close(): Promise<void>;
}

/** The last program of a run that is taken up again. */
export interface LastAttempt {
  readonly program: RecordedProgram;
  readonly memo: Json;
  readonly attempt: Attempt;
}

/** What a program is begun for that is a part of another one. */
export type PartOpening = Opening & Required<Pick<Opening, "parent" | "place">>;

/** A run that is a part of another one. */
export type OpenedPart =
  | { readonly kind: "open"; readonly run: Run }
  /** It was begun in this place before, and has ended. */
  | { readonly kind: "ended"; readonly record: RunRecord };

/** What runs are kept with. */
export interface RunPorts {
  /** The directory of the runs. */
  readonly files: Files;
  /** The directory of the keys. */
  readonly secrets: Files;
  readonly clock: Clock;
  readonly random: Random;
  readonly redactor: Redactor;
  /** Gets, when a run is taken up again, the lines that a kill kept from it. */
  readonly audit?: Pick<Audit, "read" | "record">;
  readonly artefacts: Pick<Artefacts, "keep" | "read" | "remove">;
  /** Days that a run is kept after its end. */
  readonly keepDays: number;
  /** Milliseconds that a question stays open. */
  readonly questionMs: number;
}
