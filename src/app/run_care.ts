import { CodedError } from "../domain/failure.ts";
import { expireRuns } from "./expired_runs.ts";
import type { Stores } from "./stores.ts";

/** What is to be done about runs now and then: those that are over, and those that are too old. */
export async function lookAfterRuns(stores: Stores): Promise<void> {
  await stores.runs.sweep();
  if (!await stores.runs.isLookDue()) return;
  await expireRuns(stores);
  for (const { run, state } of await stores.runs.listOpen()) {
    // to be taken up is enough: the audit log gets what a kill kept from it
    if (state !== "interrupted") continue;
    try {
      await (await stores.runs.takeUp(run)).close();
    } catch (error) {
      // another process is at it, or nothing can be done with it; the others are looked after
      if (!(error instanceof CodedError)) throw error;
    }
  }
}
