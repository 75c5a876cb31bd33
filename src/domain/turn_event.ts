import type { FailureCode } from "./failure.ts";
import type { Origin } from "./message.ts";
import type { Clean } from "./redacted.ts";
import type { CallRecord, Decision } from "./tool_call.ts";
import type { AnswerStatus } from "./turn.ts";

/** What a turn is busy with, for a progress line. */
export type Phase =
  | "waiting for the conversation"
  | "choosing"
  | "writing a program"
  | "mending the program"
  | "running"
  | "checking the result"
  | "answering";

/**
 * What happens in a turn, in order: all that a turn gives out beside its answer. Progress lines,
 * streaming, status messages, logs and measurements read these. No event holds what a tool
 * returned; `text` holds pieces of the answer itself.
 */
export type TurnEvent =
  | {
    readonly kind: "turn_started";
    readonly turn: string;
    readonly conversation: string;
    readonly origin: Origin;
  }
  | { readonly kind: "phase"; readonly phase: Phase }
  /** `call`: the number of the call in its run, from 1. */
  | { readonly kind: "call_started"; readonly call: number; readonly tool: string }
  | {
    readonly kind: "call_ended";
    readonly call: number;
    readonly tool: string;
    readonly decision: Decision;
    readonly outcome: CallRecord["outcome"];
  }
  /** A person is asked; the turn's clock stands until the answer. */
  | { readonly kind: "question_asked"; readonly call: number; readonly tool: string }
  | {
    readonly kind: "question_answered";
    readonly call: number;
    readonly tool: string;
    /** `given`: a secret was. `left`: the question was taken back before anybody answered. */
    readonly answer:
      | "once"
      | "all"
      | "singly"
      | "turn"
      | "always"
      | "lease"
      | "reject"
      | "given"
      | "unavailable"
      | "left"
      /** It is on record, and the run goes on when it is answered. */
      | "waits";
  }
  /** A piece of a worded answer, as it arrives. */
  | { readonly kind: "text"; readonly piece: string }
  /** Something beside the answer that the person should know. */
  | { readonly kind: "note"; readonly note: string }
  | {
    readonly kind: "turn_ended";
    readonly status: AnswerStatus;
    readonly code?: FailureCode;
    readonly modelCalls: number;
    readonly durationMs: number;
  };

/** Tells the events of a turn, one by one; must not throw. */
export type Tell = (event: TurnEvent) => void;

/** Takes them, without any secret in them; must not throw. */
export type Listen = (event: Clean<TurnEvent>) => void;
