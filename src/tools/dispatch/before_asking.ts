import type { Failure } from "../../domain/failure.ts";
import type { DispatchPorts } from "../road.ts";
import type { ReadCall } from "./read.ts";

/** Why nobody needs to be asked about a call: it could not be done whatever they say. */
export async function findBarrier(
  { prepared }: ReadCall,
  { findStop, countCall }: Pick<DispatchPorts, "findStop" | "countCall">,
): Promise<Failure | undefined> {
  const stop = prepared.effect === "none" ? undefined : await findStop();
  return stop ?? await countCall();
}
