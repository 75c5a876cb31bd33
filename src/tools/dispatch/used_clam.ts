import type { CallRecord } from "../../domain/tool_call.ts";
import type { UsedClam } from "../road.ts";

/** The calls of a clam that was used, for the account of the call. */
export function partsOf(used: UsedClam | undefined): Pick<CallRecord, "calls"> {
  return used && used.calls.length > 0 ? { calls: used.calls } : {};
}

/** Whether a clam that was used did something, so that it must not be used again in its place. */
export function hasDone(used: UsedClam | undefined): boolean {
  return used?.calls.some(({ deed }) => deed !== undefined) ?? false;
}
