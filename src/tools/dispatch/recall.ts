import { inDoubt } from "../_refusals.ts";
import { called, type CallOutcome, end, type ReplyPorts, replyWith } from "./call_outcome.ts";
import type { ReadCall } from "./read.ts";
import type { RunState } from "./run_state.ts";

/** Third step: was it done before? `undefined` when it is new; what was begun is never repeated. */
export function recall(
  { said, fingerprint }: ReadCall,
  { attempt }: RunState,
  ports: ReplyPorts,
): CallOutcome | undefined {
  const known = attempt.recall(fingerprint);
  switch (known.kind) {
    case "new":
      return undefined;
    case "in_doubt":
      return end(said, "journal", inDoubt(said.tool));
    case "done": {
      const { result } = known;
      const outcome = result.kind === "result" ? "ok" as const : result.failure.code;
      return {
        reply: replyWith(result, ports),
        record: { ...called(said), decision: "journal", outcome },
      };
    }
  }
}
