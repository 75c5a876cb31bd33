import type { Clam } from "../domain/clam.ts";
import type { Clock, Files, Random } from "../platform/platform.ts";
import { openBuilds } from "./_builds.ts";
import { loadHidden } from "./_hidden.ts";
import { type LibraryKeeper, openKeeper } from "./_keeping.ts";
import { type Lookup, openLookup } from "./_lookup.ts";
import { type LibraryReader, openReader } from "./_reading.ts";
import { openShelf } from "./_shelf.ts";

export type { Build } from "./_builds.ts";
export type { ClamProblem, ClamVersion, ListedClam } from "./_reading.ts";
export type { ClamUse } from "./_usage.ts";

/**
 * The kept clams of a workspace, and the starters that come with the program. Ids from outside are
 * checked in every function; what is no id is `clam_not_found`.
 */
export interface Library extends LibraryReader, LibraryKeeper {
  /** The index over them, for the matcher. */
  readonly lookup: Lookup;
  /** Closes the index. */
  close(): void;
}

/** Where the library lies and what it needs. */
export interface LibraryPorts {
  /** The workspace: its `clams` and `build`. */
  readonly workspace: Files;
  /** Where the index is kept; it may be lost. */
  readonly state: Files;
  readonly clock: Clock;
  readonly random: Random;
  readonly starters: readonly Clam[];
}

/** Opens the library. Nothing is read until somebody asks. */
export function openLibrary(ports: LibraryPorts): Library {
  const { workspace, state, clock, random, starters } = ports;
  const clams = workspace.under("clams");
  const shelf = openShelf(clams);
  const builds = openBuilds(workspace, random, clock);
  const lookup = openLookup({ clams, shelf, starters, state, hidden: () => loadHidden(clams) });
  const parts = { clams, shelf, builds, lookup, starters, clock, random };
  return {
    ...openReader(parts),
    ...openKeeper(parts),
    lookup,
    close: () => lookup.close(),
  };
}
