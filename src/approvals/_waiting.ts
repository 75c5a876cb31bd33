import type { SimilarCall } from "./approver.ts";
import { type GatedCall, grantedCall } from "./gate_call.ts";
import type { GrantedCall } from "./offers.ts";

/** A call that waits for the person, and what was decided. */
export interface Waiting<Decided = unknown> {
  readonly question: GatedCall;
  readonly signal: AbortSignal;
  /** It was answered together with another. */
  decided?: Decided | undefined;
  /** The person wants to be asked about it by itself. */
  isAlone?: true;
}

/** The calls of one list as one, so that what is offered covers them all. */
export function callOfAll(list: readonly [Waiting, ...Waiting[]]): GrantedCall {
  const [first, ...others] = list;
  const further = others.flatMap(({ question }) => question.resources);
  const { resources: [resource, ...also] } = first.question;
  return { ...grantedCall(first.question), resources: [resource, ...also, ...further] };
}

/** Whether both can be answered together. */
export function isSimilar(one: Waiting, other: Waiting): boolean {
  if (one.decided || one.isAlone || one.signal.aborted || one.question.inDoubt) return false;
  const { question: a } = one;
  const { question: b } = other;
  return a.call.tool === b.call.tool && a.effect === b.effect && a.isFurther === b.isFurther &&
    a.conversation === b.conversation && (a.foreign ?? false) === (b.foreign ?? false);
}

/** A call of the list, as it is shown. */
export function similarCall({ question }: Waiting): SimilarCall {
  const { call, preview, fingerprint, findDerived } = question;
  return { call, preview, fingerprint, derived: findDerived?.() ?? [] };
}
