import type { Approved } from "../../approvals/gate.ts";
import type { CallRecord } from "../../domain/tool_call.ts";
import { called, type CallOutcome, type ReplyPorts, replyWith } from "./call_outcome.ts";
import { deedOf } from "./deed.ts";
import type { Done } from "./do.ts";
import type { ReadCall } from "./read.ts";
import { hasDone, partsOf } from "./used_clam.ts";

/** Sixth step: what the program is told, and what the account says of a call that was done. */
export function account(
  { call, prepared }: ReadCall,
  { decision, scope }: Approved,
  { result, trail, allowedAt, happened, used }: Done,
  ports: ReplyPorts,
): CallOutcome {
  const record: CallRecord = {
    ...called(call),
    decision,
    ...(scope === undefined ? {} : { scope }),
    ...(trail.places.length === 0 ? {} : { also: trail.places }),
    ...deedOf(prepared, allowedAt),
    outcome: result.kind === "result" ? "ok" : result.failure.code,
    ...partsOf(used),
  };
  const more = used ? { isForeign: used.foreign, hasEffect: hasDone(used) } : {};
  return { reply: replyWith(result, ports), record, happened, ...more };
}
