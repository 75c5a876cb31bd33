import type { RuledPart } from "../../runs/line.ts";
import { CodedError, type Failure } from "../../domain/failure.ts";
import { failureOf, reasonOf } from "../_refusals.ts";
import type { DispatchPorts } from "../road.ts";
import type { Tool } from "../tool.ts";
import { account } from "./account.ts";
import { ask } from "./ask.ts";
import { findBarrier } from "./before_asking.ts";
import { type CallOutcome, end, refuse } from "./call_outcome.ts";
import { perform } from "./do.ts";
import { type Placed, read, type ReadCall } from "./read.ts";
import { recall } from "./recall.ts";
import { rules } from "./rules.ts";
import type { RunState } from "./run_state.ts";

/** A call on its way to the end, with what its run learns from it. */
export interface Passed extends CallOutcome {
  /** Where the arguments could be read. */
  readonly fingerprint?: string;
  /** What counts for the rules of the clam, where it passed them. */
  readonly ruled?: RuledPart;
}

/** Takes a call through the six steps. */
export async function passSteps(
  placed: Placed,
  run: RunState,
  tools: ReadonlyMap<string, Tool>,
  ports: DispatchPorts,
  signal: AbortSignal,
): Promise<Passed> {
  const { said } = placed;
  const call = await read(placed, run, tools, ports, signal);
  if (call.kind === "over") return call.outcome;
  const ruled = rules(call, run, ports);
  if (ruled.kind === "over") return ruled.outcome;
  const { fingerprint, prepared } = call;
  const known = {
    fingerprint,
    // what only changes something brings nothing back but what the program said itself
    isForeign: call.tool.foreign && prepared.effect !== "write",
    ruled: ruled.part,
    hasEffect: prepared.effect !== "none",
  };
  try {
    const recalled = recall(call, run, ports);
    const outcome = recalled.kind === "over"
      ? recalled.outcome
      : await passGate(call, recalled.inDoubt, run, ports, signal);
    const { isForeign = false, hasEffect = false } = outcome;
    return {
      ...outcome,
      ...known,
      isForeign: known.isForeign || isForeign,
      hasEffect: known.hasEffect || hasEffect,
    };
  } catch (error) {
    if (signal.aborted) return refuse(said, failureOf(error, said.tool), ports);
    return end(said, "refused", brokenHouse(error)); // the gate or the log is broken
  }
}

async function passGate(
  call: ReadCall,
  inDoubt: boolean,
  run: RunState,
  ports: DispatchPorts,
  signal: AbortSignal,
): Promise<CallOutcome> {
  // what the person said no to ends by their no, whatever else stands against it
  const barrier = isDenied(call, run) ? undefined : await findBarrier(call, ports);
  if (barrier) return end(call.call, "refused", barrier);
  const approved = await ask(call, inDoubt, run, ports.gate, signal);
  if (approved.kind === "over") return approved.outcome;
  const done = await perform(call, approved, run, ports, signal);
  if (done.kind === "over") return done.outcome;
  return account(call, approved, done, ports);
}

function isDenied({ call, fingerprint }: ReadCall, { run }: RunState): boolean {
  return run.findQuestion("call", call.id, fingerprint)?.answer?.reply.kind === "reject";
}

function brokenHouse(error: unknown): Failure {
  if (error instanceof CodedError) return error.failure;
  return { code: "internal", message: reasonOf(error) };
}
