import type { Failure } from "../domain/failure.ts";
import type { RunEnd } from "./line.ts";

/** How a run ended, by why it did. */
export function runEndOf(failure: Pick<Failure, "code"> | undefined): RunEnd {
  switch (failure?.code) {
    case undefined:
      return "completed";
    case "cancelled":
      return "cancelled";
    case "approval_denied":
      return "rejected";
    case "question_expired":
      return "expired";
    case "run_diverged":
      return "diverged";
    default:
      return "failed";
  }
}
