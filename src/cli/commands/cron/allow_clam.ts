import type { Stores } from "../../../app/stores.ts";
import type { Work } from "../../../cron/job.ts";
import { CodedError } from "../../../domain/failure.ts";
import type { CliContext } from "../../context.ts";

/**
 * A job runs while nobody is there, so what its clam needs is asked for when it is made. Without it
 * the job is kept all the same, and each run asks.
 * @returns what is still missing, a sentence each
 */
export async function allowClam(
  work: Work,
  isQuiet: boolean,
  stores: Stores,
  context: CliContext,
): Promise<readonly string[]> {
  if (work.kind !== "clam") return [];
  const { id, manifest } = await stores.library.get(work.clam);
  if (manifest.declaredTools.length === 0) return []; // it can do nothing
  const { findLeaseOf } = await import("../../../app/turn_leases.ts");
  const program = { id, name: manifest.name, sha256: manifest.sha256, manifest };
  const found = await findLeaseOf(program, stores, context);
  if (typeof found !== "string") return [];
  const missing = `${id} has no lease (${found}), so a run that needs your yes waits for it. ` +
    `Allow it as a whole: clambot approvals lease ${id}`;
  if (isQuiet || !context.terminal.interactive) return [missing];
  const { giveLease } = await import("../approvals/lease.ts");
  try {
    await giveLease({ id, manifest, script: "" }, undefined, {}, stores, context);
    return [];
  } catch (error) {
    if (error instanceof CodedError && ASKED_IN_VAIN.includes(error.code)) return [missing];
    throw error;
  }
}

/** They said no, or it cannot be allowed as a whole. */
const ASKED_IN_VAIN: readonly string[] = ["cancelled", "lease_unbounded"];
