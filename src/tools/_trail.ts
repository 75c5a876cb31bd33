import { type Approved, type Denied, describePlace } from "../approvals/gate.ts";
import type { FurtherPlace, Resource } from "../domain/tool_call.ts";

/** Why a call did not go on to a further place. */
export type Stop = Denied | { readonly kind: "outside"; readonly violation: string };

/** The way of one call: the further places that it came to, such as the hops of a redirect. */
export interface Trail {
  readonly places: readonly FurtherPlace[];
  /** Where the last of them was not gone to. */
  readonly stop: Stop | undefined;
  /** Whether the call may go on to a place; what was decided is written down. */
  mayAlso(resource: Resource, signal: AbortSignal): Promise<boolean>;
}

/** Begins the trail of an approved call. `findViolation` says what the capabilities have against a place. */
export function openTrail(
  approved: Approved,
  findViolation: (resource: Resource) => string | undefined,
): Trail {
  const places: FurtherPlace[] = [];
  let stop: Stop | undefined;
  return {
    places,
    get stop() {
      return stop;
    },
    async mayAlso(resource, signal) {
      const to = describePlace(resource);
      const violation = findViolation(resource);
      if (violation !== undefined) {
        places.push({ to, decision: "refused" });
        stop = { kind: "outside", violation };
        return false;
      }
      const decided = await approved.decideAlso(resource, signal);
      const scope = decided.kind === "approved" ? decided.scope : undefined;
      places.push({ to, decision: decided.decision, ...(scope === undefined ? {} : { scope }) });
      stop = decided.kind === "denied" ? decided : undefined;
      return decided.kind === "approved";
    },
  };
}
