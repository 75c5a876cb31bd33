import { findGrant, hasExpired, type StandingGrant } from "./grants.ts";
import { type GrantedCall, sufficientGrants } from "./offers.ts";
import { findPass, type PassRules } from "./pass.ts";

/** What the gate would say to a call. */
export interface Explanation {
  /** `asks`: a person would be asked. `refused`: nobody would be, or its own rules forbid it. */
  readonly decision: "not_required" | "lease" | "granted" | "asks" | "refused";
  /** One sentence. */
  readonly reason: string;
  /** The grant that would allow it. */
  readonly rule?: StandingGrant;
  /** Id of the lease inside of which it lies. */
  readonly lease?: string;
  /** Of a clam's call: why it lies in no lease. */
  readonly unleased?: string;
  /** Grants for the same tool that would not, each with the reason. */
  readonly passedOver: readonly { readonly rule: StandingGrant; readonly why: string }[];
  /** Where it would not pass: grants that would allow it, as `TOOL:SCOPE`, narrowest first. */
  readonly grants: readonly string[];
}

/** What is looked at: the standing grants, and whether anybody may be asked. */
export type ExplainRules = Omit<PassRules, "ofTurn" | "policy"> & {
  readonly policy: PassRules["policy"] & { readonly interactive: boolean };
};

/** Says what the gate would do with a call, by the very rules that the gate goes by. */
export function explainGate(call: GrantedCall, rules: ExplainRules): Explanation {
  const pass = findPass(call, { ...rules, ofTurn: [] });
  const rule = rules.standing.find((grant) => grant === pass?.grant);
  const passedOver = rules.standing
    .filter((grant) => grant.tool === call.tool && grant !== rule)
    .map((grant) => ({ rule: grant, why: whyNot(grant, call, rules) }));
  if (pass?.decision === "not_required") {
    const reason = "It passes: the call changes nothing and asks nobody.";
    return { decision: "not_required", reason, passedOver, grants: [] };
  }
  if (pass && !rule) {
    const reason = "It passes: agents.approvals.enabled is false, so everything does.";
    return { decision: "granted", reason, passedOver, grants: [] };
  }
  if (rule) {
    const reason = `It passes by the grant ${rule.tool}:${rule.scope}, from ${rule.source}.`;
    return { decision: "granted", reason, rule, passedOver, grants: [] };
  }
  const grants = sufficientGrants(call);
  return rules.policy.interactive
    ? { decision: "asks", reason: "No grant covers it, so you would be asked.", passedOver, grants }
    : { decision: "refused", reason: NOBODY, passedOver, grants };
}

const NOBODY = "No grant covers it, and agents.approvals.interactive is false: it is refused.";

function whyNot(grant: StandingGrant, call: GrantedCall, { base, now }: ExplainRules): string {
  if (hasExpired(grant, now)) return "it has expired";
  const { effect: _, ...anyEffect } = grant;
  if (!findGrant([anyEffect], call, base, now)) return "it covers another place";
  return findGrant([grant], call, base, now)
    ? "another one comes first"
    : "it was given for reading only";
}
