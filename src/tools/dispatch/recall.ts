import { called, type CallOutcome, type ReplyPorts, replyWith } from "./call_outcome.ts";
import type { ReadCall } from "./read.ts";
import type { RunState } from "./run_state.ts";

/** What is known of a call of which no result stands in its place. */
export type Known =
  /** Nothing, or that it was begun and nobody knows whether it was done. */
  | { readonly kind: "open"; readonly inDoubt: boolean }
  | { readonly kind: "over"; readonly outcome: CallOutcome };

/** Third step: was it done by an earlier attempt? */
export function recall(
  { said, fingerprint, inDoubt }: ReadCall,
  { attempt }: RunState,
  ports: ReplyPorts,
): Known {
  if (inDoubt) return { kind: "open", inDoubt };
  const known = attempt.recall(fingerprint);
  switch (known.kind) {
    case "new":
      return { kind: "open", inDoubt: false };
    case "in_doubt":
      return { kind: "open", inDoubt: true };
    case "done": {
      const { result, foreign: isForeign = false } = known;
      const outcome = result.kind === "result" ? "ok" as const : result.failure.code;
      const record = { ...called(said), decision: "journal" as const, outcome };
      return { kind: "over", outcome: { reply: replyWith(result, ports), record, isForeign } };
    }
  }
}
