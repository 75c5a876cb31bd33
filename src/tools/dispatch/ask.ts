import type { Approved, Gate } from "../../approvals/gate.ts";
import { findDerived } from "../_derived.ts";
import { nobodyAsked, rejected } from "../_refusals.ts";
import { type CallOutcome, end } from "./call_outcome.ts";
import type { ReadCall } from "./read.ts";
import type { RunState } from "./run_state.ts";

/** Fourth step: does the gate let it pass? */
export async function ask(
  { said, call, prepared, fingerprint }: ReadCall,
  { context, foreignValues, own = [], caller }: RunState,
  gate: Gate,
  signal: AbortSignal,
): Promise<Approved | { readonly kind: "over"; readonly outcome: CallOutcome }> {
  const { turnId, conversation, foreign } = context;
  const decided = await gate.check({
    turnId,
    conversation,
    ...(foreign === undefined ? {} : { foreign }),
    call,
    fingerprint,
    effect: prepared.effect,
    resources: [prepared.resource, ...prepared.also ?? []],
    preview: prepared.preview,
    findDerived: () =>
      findDerived({ preview: prepared.preview, args: said.args }, { read: foreignValues, own }),
    ...(caller ? { program: caller } : {}),
  }, signal);
  if (decided.kind === "approved") return decided;
  const { decision } = decided;
  const failure = decision === "denied" ? rejected(call.tool) : nobodyAsked(call.tool, decided);
  return { kind: "over", outcome: end(call, decision, failure) };
}
