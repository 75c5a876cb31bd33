import type { Preview } from "../../approvals/approver.ts";
import type { Approved, Gate } from "../../approvals/gate.ts";
import { findDerived } from "../_derived.ts";
import { inDoubt as doubtful, nobodyAsked, rejected } from "../_refusals.ts";
import { type CallOutcome, end } from "./call_outcome.ts";
import type { ReadCall } from "./read.ts";
import type { RunState } from "./run_state.ts";

/** Fourth step: does the gate let it pass? */
export async function ask(
  { said, call, prepared, fingerprint }: ReadCall,
  inDoubt: boolean,
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
    preview: inDoubt ? warnOfDoubt(prepared.preview) : prepared.preview,
    ...(inDoubt ? { inDoubt } : {}),
    findDerived: () =>
      findDerived({ preview: prepared.preview, args: said.args }, { read: foreignValues, own }),
    ...(caller ? { program: caller } : {}),
  }, signal);
  if (decided.kind === "approved") return decided;
  const { decision, waits } = decided;
  const failure = decision === "denied"
    ? rejected(call.tool)
    : inDoubt
    ? doubtful(call.tool, waits)
    : nobodyAsked(call.tool, decided);
  const outcome = end(call, decision, failure);
  return { kind: "over", outcome: waits ? { ...outcome, waits: true } : outcome };
}

function warnOfDoubt({ title, fields, ...rest }: Preview): Preview {
  const known = { name: "in doubt", value: "It was begun before; nobody knows if it was done." };
  return { title: `${title} — again?`, fields: [known, ...fields], ...rest };
}
