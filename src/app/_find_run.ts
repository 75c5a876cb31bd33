import { CodedError } from "../domain/failure.ts";
import type { ListedRun } from "../runs/runs.ts";
import type { Stores } from "./stores.ts";

/** The run of a turn; `undefined`: it has come to none. */
export async function findRun(
  turn: string,
  { runs }: Pick<Stores, "runs">,
): Promise<ListedRun | undefined> {
  try {
    return await runs.find(turn);
  } catch (error) {
    if (error instanceof CodedError && error.code === "run_not_found") return undefined;
    throw error;
  }
}
