import type { Decision } from "../domain/tool_call.ts";
import { findGrant, type Grant, type StandingGrant } from "./grants.ts";
import type { GrantedCall } from "./offers.ts";
import type { PathBase } from "./scopes.ts";

/** What decides whether a call may pass without a question. */
export interface PassRules {
  readonly policy: {
    /** `false`: everything passes. */
    readonly enabled: boolean;
    /** Tools whose calls need a grant or an answer even where they have no effect. */
    readonly askAlso: readonly string[];
  };
  readonly standing: readonly StandingGrant[];
  /** Grants that hold for one turn only. */
  readonly ofTurn: readonly Grant[];
  readonly base: PathBase;
  readonly now: number;
}

/** Why a call may pass unasked, and the grant by which it may. */
export interface Pass<G extends Grant = StandingGrant | Grant> {
  readonly decision: Extract<Decision, "not_required" | "granted" | "turn">;
  /** Absent: no grant is needed. */
  readonly grant?: G;
}

/**
 * The first reason why a call may pass unasked, in this order: no gate, no effect, a standing grant,
 * a grant of the turn. `undefined` when there is none.
 */
export function findPass(call: GrantedCall, rules: PassRules): Pass | undefined {
  const { policy, standing, ofTurn, base, now } = rules;
  if (!policy.enabled) return { decision: "granted", grant: { tool: call.tool, scope: "*" } };
  if (call.effect === "none" && !policy.askAlso.includes(call.tool)) {
    return { decision: "not_required" };
  }
  const granted = findGrant(standing, call, base, now);
  if (granted) return { decision: "granted", grant: granted };
  const turn = findGrant(ofTurn, call, base, now);
  return turn && { decision: "turn", grant: turn };
}
