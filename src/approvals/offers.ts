import type { Effect, Resource } from "../domain/tool_call.ts";
import type { OfferedScope } from "./approver.ts";
import { covers, offerScopes, parseScope } from "./scopes.ts";

/** A call as far as grants look at it. */
export interface GrantedCall {
  readonly tool: string;
  readonly effect: Effect;
  /** Everything that it touches. */
  readonly resources: readonly [Resource, ...Resource[]];
}

/** Offers that cover everything the call touches, narrowest first. */
export function offersFor({ tool, effect, resources }: GrantedCall): OfferedScope[] {
  return resources
    .flatMap((resource) => offerScopes(resource, tool))
    .filter((offer, index, all) => all.findIndex((one) => one.scope === offer.scope) === index)
    .filter(({ scope }) => {
      const parsed = parseScope(scope, { root: "/", userHome: undefined });
      return parsed && resources.every((resource) => covers(parsed, resource));
    })
    .map((offer) =>
      effect === "read" && resources[0].kind === "file"
        ? { ...offer, label: `reading ${offer.label}` }
        : offer
    );
}

/** Grants that would allow the call, as `TOOL:SCOPE`, narrowest first; never empty. */
export function sufficientGrants(call: GrantedCall): string[] {
  const scopes = offersFor(call).map(({ scope }) => scope);
  return (scopes.length > 0 ? scopes : ["*"]).map((scope) => `${call.tool}:${scope}`);
}
