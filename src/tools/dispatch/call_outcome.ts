import type { Approved } from "../../approvals/gate.ts";
import { CodedError, type Failure, type FailureCode } from "../../domain/failure.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { CallRecord, Decision } from "../../domain/tool_call.ts";
import type { CallResult } from "../../runs/attempt.ts";
import type { ToolReply } from "../../sandbox/sandbox.ts";
import type { DispatchPorts } from "../road.ts";

/** How one call went: what to tell the program and what to write into the account. */
export interface CallOutcome {
  readonly reply: ToolReply;
  readonly record: CallRecord;
  /** It was done, and its result stands for it when a later attempt makes the same call. */
  readonly happened?: boolean;
  /** The answer may hold text of others. */
  readonly isForeign?: boolean;
  /** It may have changed something. */
  readonly hasEffect?: boolean;
  /** The run goes on from here when a question has been answered. */
  readonly waits?: boolean;
}

/** What a call is known by in accounts. */
interface Called {
  readonly tool: string;
  readonly args: JsonObject;
}

/** Means of telling a program something. */
export type ReplyPorts = Pick<DispatchPorts, "clock" | "redactor">;

/** What no program can do anything about: only the person can. */
const ENDS_THE_RUN: readonly FailureCode[] = [
  "budget_exceeded",
  "secret_not_available",
  "secret_not_for_host",
  "vault_locked",
  "vault_damaged",
  "approval_denied",
  "approval_needed",
  "audit_failed",
  "call_in_doubt",
  "run_too_large",
  "run_diverged",
  "run_damaged",
  "run_busy",
  "stopped",
];

/** A call that was not done for the program's own reasons; it may go on. */
export function refuse(call: Called, failure: Failure, ports: ReplyPorts): CallOutcome {
  if (ENDS_THE_RUN.includes(failure.code)) return end(call, "refused", failure);
  return {
    reply: replyWith({ kind: "error", failure }, ports),
    record: { ...called(call), decision: "refused", outcome: failure.code },
  };
}

/** A call with which the run ends. */
export function end(
  call: Called,
  decision: Decision,
  failure: Failure,
  scope?: string,
): CallOutcome {
  const record: CallRecord = {
    ...called(call),
    decision,
    ...(scope === undefined ? {} : { scope }),
    outcome: failure.code,
  };
  return { reply: { kind: "end", failure }, record };
}

/** A call that was allowed and not done. */
export function untouched(call: Called, { decision, scope }: Approved, failure: Failure) {
  return end(call, decision, failure, scope);
}

/** What the program is told of a result. */
export function replyWith(result: CallResult, { clock, redactor }: ReplyPorts): ToolReply {
  const now = clock.now();
  if (result.kind === "result") return { ...result, now };
  const failure = redactor.clean(result.failure);
  return ENDS_THE_RUN.includes(failure.code)
    ? { kind: "end", failure: result.failure }
    : { kind: "error", failure, now };
}

/** The failure of a coded error; any other error is thrown on. */
export function codedFailure(error: unknown): Failure {
  if (error instanceof CodedError) return error.failure;
  throw error;
}

/** The part of a call's record that says which call it is. */
export function called({ tool, args }: Called): Called {
  return { tool, args };
}
