import { dirname, join } from "node:path";
import { syncDirectory, withOpen, writeWhole } from "./_opened.ts";
import { freshName, makeOne, removeQuietly } from "./_race_free_making.ts";
import {
  changed,
  confirm,
  hasSameAncestors,
  isUnchanged,
  locate,
  missingParents,
  type Place,
  sight,
  type Sighting,
  toSighting,
} from "./_race_free.ts";

// A rename walks two paths. Both walks have to pass by something with a fresh random name that was
// seen to stand in the right directory, so neither can be led through another one for longer than
// the instant between the two.

/** Puts content in place of the file that was found, or where nothing was. */
export async function replace(
  place: Place,
  content: Uint8Array,
  signal: AbortSignal,
  mode = place.found?.mode,
): Promise<void> {
  const ready = await makeParents(place, signal);
  const temporary = join(dirname(place.path), freshName());
  try {
    const written = await writeBeside(ready, temporary, content, mode, signal);
    await confirm(ready, signal);
    const twice = !ready.found && await giveName(temporary, place.path);
    if (twice) await Deno.remove(temporary);
    else await Deno.rename(temporary, place.path);
    await confirm({ ...ready, found: written }, signal, true);
  } catch (error) {
    await removeQuietly(temporary);
    throw error;
  }
  await syncDirectory(dirname(place.path));
}

/** Makes a directory where nothing was, and those above it that are missing. */
export async function makeDirectory(place: Place, signal: AbortSignal): Promise<void> {
  await makeOne(await makeParents(place, signal), signal);
}

/**
 * Makes the directories that are missing above a place. Others may make them at the same time.
 * @returns the place as it is then, by way of the directories that it was found by
 */
export async function makeParents(place: Place, signal: AbortSignal): Promise<Place> {
  for (const path of missingParents(place)) {
    const parent = await locate(place.anchor, path, signal);
    if (!parent.found) await makeOne(parent, signal);
  }
  const ready = await locate(place.anchor, place.path, signal);
  const known = ready.ancestors.slice(0, place.ancestors.length);
  if (!hasSameAncestors(place, { ancestors: known }) || !isUnchanged(place.found, ready.found)) {
    throw changed(place.path);
  }
  return { ...place, ...ready };
}

/** Writes and syncs a new file, its content only once it is sure in which directory it stands. */
async function writeBeside(
  place: Place,
  temporary: string,
  content: Uint8Array,
  mode: number | undefined,
  signal: AbortSignal,
): Promise<Sighting> {
  // the person's mask decides about new files
  const options = { write: true, createNew: true, mode: mode === undefined ? 0o666 : 0o600 };
  return await withOpen(temporary, options, async (file) => {
    const written = toSighting(await file.stat());
    await confirm({ ...place, path: temporary, found: written }, signal, true);
    await writeWhole(file, content);
    await file.sync();
    if (mode !== undefined && Deno.build.os !== "windows") await Deno.chmod(temporary, mode);
    return written;
  });
}

/**
 * Gives a file a further name, without ever replacing what came there in the meantime.
 * @returns false when the disk knows no second names; then nothing stands there
 */
export async function giveName(path: string, name: string): Promise<boolean> {
  try {
    await Deno.link(path, name);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw error;
    if (sight(name) !== undefined) throw changed(name);
    return false;
  }
}
