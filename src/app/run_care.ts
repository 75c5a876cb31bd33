import { expireRuns } from "./expired_runs.ts";
import type { Stores } from "./stores.ts";

/** What is to be done about runs now and then: those that are over, and those that are too old. */
export async function lookAfterRuns(stores: Stores): Promise<void> {
  await stores.runs.sweep();
  if (await stores.runs.isLookDue()) await expireRuns(stores);
}
