import type { Redactor } from "../domain/redacted.ts";
import type { Tell } from "../domain/turn_event.ts";
import type { Clock } from "../platform/platform.ts";
import type { Approver } from "./approver.ts";
import type { GateCall } from "./gate_call.ts";
import type { Grant, Grants, StandingGrant } from "./grants.ts";
import type { Lease } from "./lease.ts";
import type { QuestionQueue } from "./question_queue.ts";
import type { PathBase } from "./scopes.ts";
import type { TurnLeases } from "./turn_leases.ts";

/** How the person wants to be asked. Names as in the configuration. */
export interface GatePolicy {
  /** `false`: everything passes. */
  readonly enabled: boolean;
  /** `false`: nobody is asked, what has no grant is refused. */
  readonly interactive: boolean;
  /** `false`: no standing grants are offered or kept. */
  readonly allowAlways: boolean;
  /** Tools whose calls need a grant or an answer even where they have no effect. */
  readonly askAlso: readonly string[];
  /** Nobody attends the turn: only a lease counts, and all else is asked for, this once. */
  readonly unattended?: boolean;
}

/** Means of the gate. */
export interface GatePorts {
  readonly grants: Grants;
  /** Grants that came with the turn, such as those of the command line. */
  readonly given?: readonly StandingGrant[];
  readonly approver: Approver;
  /** The questions of the turn's conversation: one is asked at a time. */
  readonly questions: QuestionQueue;
  readonly tell: Tell;
  readonly policy: GatePolicy;
  readonly base: PathBase;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** Told of each grant that the person gave for good. */
  readonly onGrant?: (grant: StandingGrant, call: GateCall) => Promise<void>;
  /** Grants of this turn that were given before, in another process. */
  readonly ofTurn?: readonly Grant[];
  /** Questions that the turn has asked so far, in other processes too; its gates count together. */
  readonly asked?: { questions: number };
  /** Absent: there are no leases. */
  readonly leases?: TurnLeases;
  /** Told of each program that the person allowed as a whole. */
  readonly onLease?: (lease: Lease, call: GateCall) => Promise<void>;
}
