import type { Stores } from "../app/stores.ts";
import { escapeLine } from "../text/escape.ts";
import type { CliContext } from "./context.ts";

/** A sentence for each kept grant that allows nothing, or for a file of grants that cannot be read. */
export async function listDroppedGrants({ grants }: Pick<Stores, "grants">): Promise<string[]> {
  try {
    return (await grants.dropped()).map(escapeLine);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Tells them before something is done that may want a grant. */
export async function tellDroppedGrants(
  stores: Pick<Stores, "grants">,
  { terminal }: Pick<CliContext, "terminal">,
): Promise<void> {
  for (const sentence of await listDroppedGrants(stores)) terminal.err(`clambot: ${sentence}\n`);
}
