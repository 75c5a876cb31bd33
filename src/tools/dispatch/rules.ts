import { findViolation, type RuledCall } from "../../approvals/capabilities.ts";
import type { PathBase } from "../../approvals/scopes.ts";
import type { Resource } from "../../domain/tool_call.ts";
import { outsideCapabilities } from "../_refusals.ts";
import { type CallOutcome, refuse, type ReplyPorts } from "./call_outcome.ts";
import type { ReadCall } from "./read.ts";
import type { RunState } from "./run_state.ts";

/** Means of holding calls against the rules of their clam. */
export type RulesPorts = ReplyPorts & { readonly base: PathBase };

/** What the rules say of a call. */
export type Ruled =
  | { readonly kind: "allowed"; readonly part: RuledCall }
  | { readonly kind: "over"; readonly outcome: CallOutcome };

/** Second step: do the clam's own rules allow it? */
export function rules(
  { said, call, prepared }: ReadCall,
  run: RunState,
  ports: RulesPorts,
): Ruled {
  const ruled: RuledCall = {
    tool: call.tool,
    args: call.args,
    resources: [prepared.resource, ...prepared.also ?? []],
  };
  const before = { base: ports.base, before: run.passed };
  const violation = findViolation(run.capabilities, ruled, before);
  if (violation !== undefined) {
    const failure = outsideCapabilities(call.tool, violation);
    return { kind: "over", outcome: refuse(said, failure, ports) };
  }
  run.passed.push(ruled);
  return { kind: "allowed", part: ruled };
}

/** What the rules have against a further address, such as the next hop of a redirect. */
export function ruleAgainst(
  resource: Resource,
  { call }: ReadCall,
  { capabilities }: RunState,
  { base }: RulesPorts,
): string | undefined {
  if (resource.kind !== "url") return undefined;
  const args = { ...call.args, url: resource.url };
  const further = { tool: call.tool, args, resources: [resource] };
  return findViolation(capabilities, further, { base, before: [] });
}
