import type { Stores } from "../app/stores.ts";
import { escapeLine } from "../text/escape.ts";
import type { CliContext } from "./context.ts";

/** A sentence for each kept grant or lease that allows nothing, or for a file that cannot be read. */
export async function listDroppedGrants(
  { grants, leases }: Pick<Stores, "grants" | "leases">,
): Promise<string[]> {
  try {
    return [...await grants.dropped(), ...await leases.dropped()].map(escapeLine);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Tells them before something is done that may want a grant. */
export async function tellDroppedGrants(
  stores: Pick<Stores, "grants" | "leases">,
  { terminal }: Pick<CliContext, "terminal">,
): Promise<void> {
  for (const sentence of await listDroppedGrants(stores)) terminal.err(`clambot: ${sentence}\n`);
}
