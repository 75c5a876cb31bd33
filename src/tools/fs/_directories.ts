import { dirname } from "node:path";
import type { Place } from "../../platform/workspace.ts";
import type { Desk } from "./_desk.ts";

/**
 * Makes a directory and those above it that are missing.
 * @returns the place as it is afterwards: found by way of the new directories
 */
export async function makeDirectories(
  place: Place,
  directory: string,
  desk: Desk,
  signal: AbortSignal,
): Promise<Place> {
  const missing: Place[] = [];
  for (let path = directory; path !== place.anchor; path = dirname(path)) {
    const found = await desk.workspace.locate(path, signal);
    if (found.found || path === dirname(path)) break;
    missing.unshift(found);
  }
  for (const { path } of missing) {
    const absent = await desk.workspace.locate(path, signal);
    await desk.undo.around(
      { operation: "mkdir", place: absent, bytes: 0, keep: "nothing" },
      () => desk.workspace.makeDirectory(absent, signal),
      signal,
    );
  }
  return missing.length === 0 ? place : await desk.workspace.locate(place.path, signal);
}
