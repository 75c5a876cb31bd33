import type { Approver } from "../approvals/approver.ts";
import type { StandingGrant } from "../approvals/grants.ts";
import type { InboundMessage } from "../domain/message.ts";
import type { Answer } from "../domain/turn.ts";
import type { Listen } from "../domain/turn_event.ts";
import type { AnsweredBy } from "../runs/line.ts";
import type { SecretAsker } from "../secrets/secret_wish.ts";

/** What is around one turn: who can be asked, who listens, what was allowed beforehand. */
export interface Surroundings {
  readonly approver: Approver;
  /** Who can be asked for a secret; nobody where it is left out. */
  readonly secretAsker?: SecretAsker;
  /** Who answers questions, for the record; the person at the terminal when left out. */
  readonly by?: AnsweredBy;
  /** The turn's id, where whoever brings the message has one for it already. */
  readonly turn?: string;
  /** Gets every event of the turn, in order. */
  readonly listen?: Listen;
  /** Pieces of a worded answer are wanted as they arrive. */
  readonly streams?: boolean;
  /** Grants that hold for this turn, such as those of the command line. */
  readonly grants?: readonly StandingGrant[];
  /** Requests to models at most, where the turn is one of several that share them. */
  readonly mostModelCalls?: number;
  /** Computing seconds of a program, in place of `agents.defaults.runtimeTimeoutSeconds`. */
  readonly programSeconds?: number;
}

/**
 * Takes one message to its answer: the way into the house for every channel, schedule and command.
 * Failures are answers too. Turns of one conversation wait for each other, in every process of the
 * home; turns of different ones do not.
 * @throws what only a broken program throws
 */
export type OpenTurn = (
  message: InboundMessage,
  surroundings: Surroundings,
  signal: AbortSignal,
) => Promise<Answer>;

/**
 * Goes on with a run that waited for a person, or whose process ended before it did. What was done
 * stays done; the answer is an entry of its own in its conversation.
 * @throws {CodedError} `run_not_found`, `run_busy`, `run_damaged` or `run_ended`
 */
export type ResumeRun = (
  run: string,
  surroundings: Surroundings,
  signal: AbortSignal,
) => Promise<Answer>;
