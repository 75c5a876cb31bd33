import type { RuledCall } from "../../approvals/capabilities.ts";
import type { Json } from "../../domain/json.ts";
import type { Book } from "../_book.ts";
import type { RunScope } from "../road.ts";

/** A run with what it has read and done so far. */
export interface RunState extends RunScope {
  /** Values that the run has got of tools whose results hold text of others. */
  readonly foreignValues: readonly Json[];
  /** Calls of the run that passed their capabilities; grows. */
  readonly passed: RuledCall[];
  /** Where each call is written down before it is done. */
  readonly book: Book;
}
