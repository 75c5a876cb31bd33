import { findViolation, type RuledCall } from "../approvals/capabilities.ts";
import { type Approved, type Denied, describePlace } from "../approvals/gate.ts";
import type { PathBase } from "../approvals/scopes.ts";
import type { Capability } from "../domain/clam.ts";
import { CodedError, type Failure, type FailureCode } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { CallRecord, Decision, Resource, ToolCall } from "../domain/tool_call.ts";
import type { CallResult } from "../runs/journal.ts";
import type { ToolReply } from "../sandbox/sandbox.ts";
import { canonicalJson, sha256Hex } from "../text/canonical_json.ts";
import { type Book, openBook } from "./_book.ts";
import { startDeadline } from "./_deadline.ts";
import { findDerived } from "./_derived.ts";
import { redactFailure, redactJson } from "./_redacted.ts";
import {
  cancelled,
  failureOf,
  nobodyAsked,
  outsideCapabilities,
  reasonOf,
  rejected,
  stoppedOnTheWay,
  tooSlow,
  undeclaredTool,
  unknownTool,
} from "./_refusals.ts";
import { openTrail, type Trail } from "./_trail.ts";
import type { Dispatch, DispatchPorts, RunScope } from "./road.ts";
import type { Prepared } from "./tool.ts";

/** A run with what it has read so far. */
interface Here extends RunScope {
  /** Values that the run has got of tools whose results hold text of others. */
  readonly foreignValues: readonly Json[];
  /** Calls of the run that passed their capabilities; grows. */
  readonly passed: RuledCall[];
  /** Where each call is written down before it is done. */
  readonly book: Book;
}

/** How one call went: what to tell the program and what to write into the account. */
interface Passage {
  readonly reply: ToolReply;
  readonly record: CallRecord;
  /** Where the arguments could be read: lower-case hex SHA-256 of tool and canonical arguments. */
  readonly fingerprint?: string;
  /** The answer may hold text of others. */
  readonly isForeign?: boolean;
}

/** Builds the road: read the arguments, look into the journal, ask, do, write down. */
export function createDispatch(ports: DispatchPorts): Dispatch {
  const tools = new Map(ports.tools.map((tool) => [tool.name, tool]));
  return {
    undeclared: (tool) => tools.has(tool) ? undeclaredTool(tool) : undefined,
    open(scope) {
      const calls: CallRecord[] = [];
      const results: { tool: string; value: Json }[] = [];
      const foreignValues: Json[] = [];
      const passed: RuledCall[] = [];
      const underWay = new Set<Promise<unknown>>();
      const book = openBook(ports.audit, scope.context, ports.redactor);
      let foreign = false;
      return {
        async settled() {
          await Promise.allSettled(underWay);
          await book.settled();
        },
        get unwritten() {
          return book.failure;
        },
        calls,
        results,
        get foreign() {
          return foreign;
        },
        host(call, signal) {
          const whole = goTheRoad(call, signal).finally(() => underWay.delete(whole));
          underWay.add(whole);
          return whole;
        },
      };

      async function goTheRoad(call: ToolCall, signal: AbortSignal): Promise<ToolReply> {
        const place = calls.push({
          ...describe(call),
          decision: "refused",
          outcome: "cancelled",
        });
        scope.onCall?.(call.tool, "begins");
        try {
          const context = { ...scope.context, foreign };
          const here = { ...scope, context, foreignValues: [...foreignValues], passed, book };
          const passage = await pass(call, here, signal);
          calls[place - 1] = passage.record;
          const { reply } = passage;
          if (reply.kind === "result") results.push({ tool: call.tool, value: reply.value });
          foreign ||= passage.isForeign ?? false;
          if (passage.isForeign && reply.kind === "result") foreignValues.push(reply.value);
          book.ends(passage.record, passage.fingerprint);
          if (passage.record.decision === "not_required") return reply;
          // what has an effect is on disk before the program hears of it
          await book.settled();
          return book.failure ? { kind: "end", failure: book.failure } : reply;
        } finally {
          scope.onCall?.(call.tool, "ends");
        }
      }
    },
  };

  async function pass(
    call: ToolCall,
    scope: Here,
    signal: AbortSignal,
  ): Promise<Passage> {
    if (signal.aborted) return stopped(call, "refused", cancelled(call.tool));
    if (!scope.declaredTools.includes(call.tool)) return refuse(call, undeclaredTool(call.tool));
    const tool = tools.get(call.tool);
    if (!tool) return refuse(call, unknownTool(call.tool, [...tools.keys()]));
    let prepared: Prepared;
    try {
      prepared = await tool.prepare(call.args, scope.context, signal);
    } catch (error) {
      const failure = failureOf(error, call.tool);
      return ENDS_THE_RUN.includes(failure.code)
        ? stopped(call, "refused", failure)
        : refuse(call, failure);
    }
    const rules = { base: ports.base, before: scope.passed };
    const violation = findViolation(scope.capabilities, ruled(call, prepared), rules);
    if (violation !== undefined) return refuse(call, outsideCapabilities(call.tool, violation));
    scope.passed.push(ruled(call, prepared));
    try {
      const passage = await ask(call, prepared, scope, signal);
      // what only changes something brings nothing back but what the program said itself
      return { ...passage, isForeign: tool.foreign && prepared.effect !== "write" };
    } catch (error) {
      if (signal.aborted) return refuse(call, failureOf(error, call.tool));
      // the gate or the log is broken, so nothing passes
      const failure: Failure = error instanceof CodedError
        ? error.failure
        : { code: "internal", message: reasonOf(error) };
      const record = { ...describe(call), decision: "refused" as const, outcome: failure.code };
      return { reply: { kind: "end", failure }, record };
    }
  }

  async function ask(
    call: ToolCall,
    prepared: Prepared,
    scope: Here,
    signal: AbortSignal,
  ): Promise<Passage> {
    const identity = await sha256Hex(canonicalJson({ tool: call.tool, args: prepared.args }));
    const known = scope.attempt.recall(identity);
    if (known) return { ...answered(call, known), fingerprint: identity };
    const exact = { ...call, args: prepared.args };
    const decision = await ports.gate.check({
      ...scope.context,
      call: exact,
      effect: prepared.effect,
      resources: [prepared.resource, ...prepared.also ?? []],
      preview: prepared.preview,
      findDerived: () => findDerived(prepared.preview, scope.foreignValues),
    }, signal);
    const passage = decision.kind === "denied"
      ? ended(exact, decision)
      : await perform(exact, prepared, decision, identity, scope, signal);
    return { ...passage, fingerprint: identity };
  }

  async function perform(
    call: ToolCall,
    prepared: Prepared,
    approved: Approved,
    identity: string,
    scope: Here,
    signal: AbortSignal,
  ): Promise<Passage> {
    if (prepared.effect !== "none") {
      const unwritten = await failureIn(scope.book.begins(call, approved));
      if (unwritten) return untouched(call, approved, unwritten);
    }
    if (signal.aborted) return untouched(call, approved, cancelled(call.tool));
    const trail = openTrail(
      approved,
      (resource) => violationAt(resource, prepared, call.tool, scope.capabilities, ports.base),
    );
    const result = toldWhy(
      await attemptCall(prepared, approved, { call, trail, book: scope.book }, signal),
      call.tool,
      trail,
    );
    const ends = result.kind === "error" && ENDS_THE_RUN.includes(result.failure.code);
    const repeatable = prepared.effect === "none" || prepared.effect === "read";
    if (result.kind === "result" || !repeatable) scope.attempt.record(identity, result);
    const record: CallRecord = {
      ...describe(call),
      decision: approved.decision,
      ...(approved.scope === undefined ? {} : { scope: approved.scope }),
      ...(trail.places.length === 0 ? {} : { also: trail.places }),
      outcome: result.kind === "result" ? "ok" : result.failure.code,
    };
    return { reply: ends ? { kind: "end", failure: result.failure } : replyWith(result), record };
  }

  async function attemptCall(
    prepared: Prepared,
    approved: Approved,
    { call, trail, book }: { call: ToolCall; trail: Trail; book: Book },
    signal: AbortSignal,
  ): Promise<CallResult> {
    const { tool } = call;
    const deadline = startDeadline(ports.callMs, signal);
    // the person may be asked on the way; that time is not the tool's
    const asking: Approved = {
      ...approved,
      mayAlso: async (resource, inner) => {
        if (!await deadline.without(() => trail.mayAlso(resource, inner))) return false;
        await book.goesOn(call, describePlace(resource));
        inner.throwIfAborted();
        return true;
      },
    };
    try {
      const value = await prepared.run(asking, deadline.signal);
      return { kind: "result", value: redactJson(value, ports.redactor) };
    } catch (error) {
      const late = deadline.signal.aborted && !signal.aborted;
      return { kind: "error", failure: late ? tooSlow(tool) : failureOf(error, tool) };
    } finally {
      deadline.stop();
    }
  }

  function answered(call: ToolCall, known: CallResult): Passage {
    const outcome = known.kind === "result" ? "ok" as const : known.failure.code;
    return {
      reply: replyWith(known),
      record: { ...describe(call), decision: "journal", outcome },
    };
  }

  function replyWith(result: CallResult): ToolReply {
    const now = ports.clock.now();
    return result.kind === "result"
      ? { ...result, now }
      : { kind: "error", failure: redactFailure(result.failure, ports.redactor), now };
  }

  function refuse(call: ToolCall, failure: Failure): Passage {
    return {
      reply: replyWith({ kind: "error", failure }),
      record: { ...describe(call), decision: "refused", outcome: failure.code },
    };
  }

  function ended(call: ToolCall, denied: Denied): Passage {
    const { decision } = denied;
    const failure = decision === "denied" ? rejected(call.tool) : nobodyAsked(call.tool, denied);
    return {
      reply: { kind: "end", failure },
      record: { ...describe(call), decision, outcome: failure.code },
    };
  }
}

/** What no program can do anything about: only the person can. */
const ENDS_THE_RUN: readonly FailureCode[] = [
  "budget_exceeded",
  "secret_not_available",
  "approval_denied",
  "approval_needed",
  "audit_failed",
];

async function failureIn(work: Promise<void>): Promise<Failure | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof CodedError) return error.failure;
    throw error;
  }
}

/** A call that was allowed and not done. */
function untouched(call: ToolCall, { decision, scope }: Approved, failure: Failure): Passage {
  const record: CallRecord = {
    ...describe(call),
    decision,
    ...(scope === undefined ? {} : { scope }),
    outcome: failure.code,
  };
  return { reply: { kind: "end", failure }, record };
}

/** A tool knows only that it may not go on; why, the trail knows. */
function toldWhy(result: CallResult, tool: string, { stop, places }: Trail): CallResult {
  const place = places.at(-1);
  return result.kind === "error" && result.failure.code === "approval_denied" && stop && place
    ? { kind: "error", failure: stoppedOnTheWay(tool, place.to, stop) }
    : result;
}

function stopped(call: ToolCall, decision: Decision, failure: Failure): Passage {
  const record = { ...describe(call), decision, outcome: failure.code };
  return { reply: { kind: "end", failure }, record };
}

function describe(call: { readonly tool: string; readonly args: JsonObject }) {
  return { tool: call.tool, args: call.args };
}

function ruled(call: ToolCall, prepared: Prepared): RuledCall {
  return {
    tool: call.tool,
    args: prepared.args,
    resources: [prepared.resource, ...prepared.also ?? []],
  };
}

/** What the capabilities have against a further address, such as the next hop of a redirect. */
function violationAt(
  resource: Resource,
  prepared: Prepared,
  tool: string,
  capabilities: readonly Capability[],
  base: PathBase,
): string | undefined {
  if (resource.kind !== "url") return undefined;
  const args = { ...prepared.args, url: resource.url };
  return findViolation(capabilities, { tool, args, resources: [resource] }, { base, before: [] });
}
