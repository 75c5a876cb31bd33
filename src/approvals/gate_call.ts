import type { Effect, Resource, ToolCall } from "../domain/tool_call.ts";
import type { ApprovalRequest, DerivedField, Preview } from "./approver.ts";
import type { RuledCall } from "./capabilities.ts";
import type { Grant } from "./grants.ts";
import type { CallingProgram } from "./lease.ts";
import type { GrantedCall } from "./offers.ts";

/** A call at the gate: read and understood, not done. */
export interface GateCall {
  readonly turnId: string;
  readonly conversation: string;
  /** With the very arguments that will run. */
  readonly call: ToolCall;
  /** Of `call`: lower-case hex SHA-256 of tool and canonical arguments. */
  readonly fingerprint: string;
  readonly effect: Effect;
  /** Everything that the call touches; a grant must cover all of it. */
  readonly resources: readonly [Resource, ...Resource[]];
  readonly preview: Preview;
  /** The run has read text of neither the person nor the program. */
  readonly foreign?: boolean;
  /** The preview's fields that hold such text, or may; asked for only for a question. */
  readonly findDerived?: () => readonly DerivedField[];
  /** It was begun before, and nobody knows whether it was done: only the person can say. */
  readonly inDoubt?: boolean;
  /** The program that makes it, one object per run; absent: it has no manifest, so no lease. */
  readonly program?: CallingProgram;
}

/** A call that the gate decides about. */
export interface GatedCall extends GateCall {
  /** It is a further place of a call that was allowed. */
  readonly isFurther?: true;
}

/** The call as grants look at it. */
export function grantedCall({ call, effect, resources }: GateCall): GrantedCall {
  return { tool: call.tool, effect, resources };
}

/** The grant that an answer gives; what was allowed for reading never covers a change. */
export function grantFor({ call, effect, resources }: GateCall, scope: string): Grant {
  return grantOf({ call, effect, resource: resources[0] }, scope);
}

/** The same of a question as it was asked. */
export function grantOf(
  { call, effect, resource }: Pick<ApprovalRequest, "call" | "effect" | "resource">,
  scope: string,
): Grant {
  const readOnly = effect === "read" && resource.kind === "file";
  return { tool: call.tool, scope, ...(readOnly ? { effect: "read" as const } : {}) };
}

/** The call as rules see it; at a further place with that in its arguments. */
export function ruledCall({ call: { tool, args }, resources, isFurther }: GatedCall): RuledCall {
  const [place] = resources;
  if (!isFurther || place.kind !== "url") return { tool, args, resources };
  const method = Object.hasOwn(args, "method") ? { method: place.method } : {};
  return { tool, args: { ...args, ...method, url: place.url }, resources };
}
