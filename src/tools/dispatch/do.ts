import { type Approved, describePlace } from "../../approvals/gate.ts";
import type { Failure } from "../../domain/failure.ts";
import type { Intent } from "../../runs/runs.ts";
import type { CallResult } from "../../runs/runs.ts";
import { NOBODY_ASKED, secretNotGiven } from "../../secrets/secret_wish.ts";
import { startDeadline } from "../_deadline.ts";
import { cancelled, failureOf, stoppedOnTheWay, tooSlow } from "../_refusals.ts";
import { openTrail, type Trail } from "../_trail.ts";
import type { DispatchPorts } from "../road.ts";
import type { Person } from "../tool.ts";
import { type CallOutcome, codedFailure, untouched } from "./call_outcome.ts";
import type { ReadCall } from "./read.ts";
import { ruleAgainst } from "./rules.ts";
import type { RunState } from "./run_state.ts";

/** Means of doing a call. */
export type DoPorts = Pick<
  DispatchPorts,
  "clock" | "redactor" | "base" | "callMs" | "findStop" | "askSecret"
>;

/** A call that was done, however it came out. */
export interface Done {
  readonly kind: "done";
  readonly result: CallResult;
  readonly trail: Trail;
  /** Milliseconds since 1970: when it was allowed. */
  readonly allowedAt: number;
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
  const repeatable = prepared.effect === "none" || prepared.effect === "read";
  const intent = await run.attempt.intend(fingerprint, repeatable);
  const obstacle = await findObstacle(read, approved, run, ports, signal);
  if (obstacle) {
    await intent.undone();
    return over(obstacle);
  }
  const trail = openTrail(approved, (resource) => ruleAgainst(resource, read, run, ports));
  const result = toldWhy(await tryOut(read, approved, trail, run, ports, signal), call.tool, trail);
  await settle(intent, result, repeatable);
  return { kind: "done", result, trail, allowedAt };
}

/** A failure of what changes nothing is no result: it may be tried again. */
async function settle(intent: Intent, result: CallResult, repeatable: boolean): Promise<void> {
  if (result.kind === "error" && repeatable) await intent.undone();
  else await intent.done(result);
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
  { book }: RunState,
  ports: DoPorts,
  signal: AbortSignal,
): Promise<CallResult> {
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
  const person: Person = {
    askSecret: (wish, inner) =>
      deadline.without(async () => {
        if (ports.askSecret) return await ports.askSecret(wish, call, inner);
        throw secretNotGiven(wish, NOBODY_ASKED);
      }),
  };
  try {
    const value = await prepared.run(asking, deadline.signal, person);
    return { kind: "result", value: ports.redactor.clean(value) };
  } catch (error) {
    const late = deadline.signal.aborted && !signal.aborted;
    return { kind: "error", failure: late ? tooSlow(call.tool) : failureOf(error, call.tool) };
  } finally {
    deadline.stop();
  }
}

/** A tool knows only that it may not go on; why, the trail knows. */
function toldWhy(result: CallResult, tool: string, { stop, places }: Trail): CallResult {
  const place = places.at(-1);
  return result.kind === "error" && result.failure.code === "approval_denied" && stop && place
    ? { kind: "error", failure: stoppedOnTheWay(tool, place.to, stop) }
    : result;
}
