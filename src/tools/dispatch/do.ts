import { type Approved, describePlace } from "../../approvals/gate.ts";
import { CodedError, type Failure } from "../../domain/failure.ts";
import type { Json } from "../../domain/json.ts";
import type { CallResult } from "../../runs/attempt.ts";
import { NOBODY_ASKED, secretNotGiven, type SecretWish } from "../../secrets/secret_wish.ts";
import { startDeadline } from "../_deadline.ts";
import { cancelled, failureOf, stoppedOnTheWay, tooSlow } from "../_refusals.ts";
import { openTrail, type Trail } from "../_trail.ts";
import type { DispatchPorts, UsedClam } from "../road.ts";
import type { Person } from "../tool.ts";
import { type CallOutcome, codedFailure, untouched } from "./call_outcome.ts";
import type { ReadCall } from "./read.ts";
import { ruleAgainst } from "./rules.ts";
import { askLater } from "./secret_question.ts";
import type { RunState } from "./run_state.ts";
import { hasDone, partsOf } from "./used_clam.ts";

/** Means of doing a call. */
export type DoPorts = Pick<
  DispatchPorts,
  "clock" | "redactor" | "base" | "callMs" | "findStop" | "askSecret" | "canWait"
>;

/** What came of the doing; `wish`: nothing, for a secret is missing that can still be given. */
type Tried = CallResult & { readonly wish?: SecretWish; readonly used?: UsedClam };

/** A call that was done, however it came out. */
export interface Done {
  readonly kind: "done";
  readonly result: CallResult;
  readonly trail: Trail;
  /** Milliseconds since 1970: when it was allowed. */
  readonly allowedAt: number;
  /** Its result stands for it when a later attempt makes the same call. */
  readonly happened: boolean;
  /** The clam that it used. */
  readonly used?: UsedClam;
}

/**
 * Fifth step: puts on record that it will be done, looks once more whether it still may be, does it,
 * and puts the result on record.
 */
export async function perform(
  read: ReadCall,
  approved: Approved,
  run: RunState,
  ports: DoPorts,
  signal: AbortSignal,
): Promise<Done | { readonly kind: "over"; readonly outcome: CallOutcome }> {
  const { call, prepared, fingerprint } = read;
  const over = (failure: Failure) => ({
    kind: "over" as const,
    outcome: untouched(call, approved, failure),
  });
  const allowedAt = ports.clock.now();
  const changesNothing = prepared.effect === "none" || prepared.effect === "read";
  const repeatable = changesNothing || prepared.idempotent === true;
  const { decision, scope } = approved;
  const intent = await run.attempt.intend({
    call: call.id,
    print: read.print,
    tool: call.tool,
    args: call.args,
    fingerprint,
    effect: prepared.effect,
    decision,
    ...(scope === undefined ? {} : { scope }),
    repeatable,
  });
  const obstacle = await findObstacle(read, approved, run, ports, signal);
  if (obstacle) {
    await intent.undone();
    return over(obstacle);
  }
  const trail = openTrail(approved, (resource) => ruleAgainst(resource, read, run, ports));
  const tried = await tryOut(read, approved, trail, run, ports, signal);
  if ("wish" in tried && tried.wish && tried.kind === "error") {
    await intent.undone(); // nothing goes out before the secret is there
    await askLater(tried.wish, read, run.run);
    return { kind: "over", outcome: { ...over(tried.failure).outcome, waits: true } };
  }
  const { used } = tried;
  if (used?.waits && tried.kind === "error") {
    await intent.undone(); // the clam goes on, and this call with it
    const { record, reply } = over(tried.failure).outcome;
    const outcome = { reply, record: { ...record, ...partsOf(used) }, waits: true };
    return { kind: "over", outcome };
  }
  const result = toldWhy(tried, call.tool, trail);
  // a failure of what changes nothing is no result: it may be tried again
  const happened = result.kind === "result" || !changesNothing || hasDone(used);
  if (happened) intent.done(result, used?.foreign);
  else await intent.undone();
  return { kind: "done", result, trail, allowedAt, happened, ...(used ? { used } : {}) };
}

/** What forbids the call at the last moment. Nothing stands between this look and the doing. */
async function findObstacle(
  { call, prepared }: ReadCall,
  approved: Approved,
  { book }: RunState,
  ports: DoPorts,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  if (prepared.effect !== "none") {
    try {
      await book.begins(call, approved);
    } catch (error) {
      return codedFailure(error);
    }
    const stop = await ports.findStop();
    if (stop) return stop;
  }
  return signal.aborted ? cancelled(call.tool) : undefined;
}

async function tryOut(
  { call, prepared }: ReadCall,
  approved: Approved,
  trail: Trail,
  { book, context, useClam }: RunState,
  ports: DoPorts,
  signal: AbortSignal,
): Promise<Tried> {
  const deadline = startDeadline(Math.max(ports.callMs, prepared.callMs ?? 0), signal);
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
  let missing: SecretWish | undefined;
  let used: UsedClam | undefined;
  const person: Person = {
    askSecret: (wish, inner) =>
      deadline.without(async () => {
        if (ports.askSecret) return await ports.askSecret(wish, call, inner);
        missing = wish;
        throw secretNotGiven(wish, NOBODY_ASKED);
      }),
    useClam: (order, inner) =>
      deadline.without(async () => {
        if (!useClam) throw new CodedError("tool_failed", "No clam can be used here.");
        const using = { call: call.id, foreign: context.foreign ?? false };
        used = await useClam(order, using, inner);
        return valueOf(used.result);
      }),
  };
  try {
    const value = await prepared.run(asking, deadline.signal, person);
    return { kind: "result", value: ports.redactor.clean(value), ...(used ? { used } : {}) };
  } catch (error) {
    const late = deadline.signal.aborted && !signal.aborted;
    const failure = late ? tooSlow(call.tool) : failureOf(error, call.tool);
    const waits = ports.canWait && failure.code === "secret_not_available";
    const wish = missing && waits ? { wish: missing } : {};
    return { kind: "error", failure, ...wish, ...(used ? { used } : {}) };
  } finally {
    deadline.stop();
  }
}

/** @throws {CodedError} the failure */
function valueOf(result: CallResult): Json {
  if (result.kind === "result") return result.value;
  const { code, message, hint } = result.failure;
  throw new CodedError(code, message, hint);
}

/** A tool knows only that it may not go on; why, the trail knows. */
function toldWhy(result: CallResult, tool: string, { stop, places }: Trail): CallResult {
  const place = places.at(-1);
  return result.kind === "error" && result.failure.code === "approval_denied" && stop && place
    ? { kind: "error", failure: stoppedOnTheWay(tool, place.to, stop) }
    : result.kind === "error"
    ? { kind: "error", failure: result.failure }
    : { kind: "result", value: result.value };
}
