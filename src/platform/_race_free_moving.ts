import { syncDirectory } from "./_opened.ts";
import { basename, dirname, join } from "node:path";
import { CodedError } from "../domain/failure.ts";
import { freshName, makeFresh, removeQuietly } from "./_race_free_making.ts";
import { giveName, makeParents, replace } from "./_race_free_writing.ts";
import { changed, confirm, isSame, type Place, sight, type Sighting } from "./_race_free.ts";

// Nothing is moved from one place to another at once: it passes through holders, directories with
// fresh random names that were seen to stand beside these places. What arrives in a holder is
// looked at before it goes on, and what leaves one can only end up beside it.

/** Gives what was found the name of a place where nothing was. */
export async function move(place: Place, target: Place, signal: AbortSignal): Promise<void> {
  const ready = await makeParents(target, signal);
  await confirm(place, signal, true);
  await takeAside(place, (held) => settle(held, ready, place.found, signal), signal);
  await syncDirectory(dirname(ready.path));
  await syncDirectory(dirname(place.path));
}

/** Takes what was found, a whole directory too, out to a path of the program's own. */
export async function takeOut(place: Place, to: string, signal: AbortSignal): Promise<void> {
  await confirm(place, signal);
  await takeAside(place, (held) => carry(held, to, place), signal);
  await syncDirectory(dirname(place.path));
}

/** Puts a file or directory of the program's own where nothing was. */
export async function bringIn(from: string, place: Place, signal: AbortSignal): Promise<void> {
  const ready = await makeParents(place, signal);
  const brought = sight(from);
  try {
    await settle(from, ready, brought, signal);
  } catch (error) {
    if (!isOtherDisk(error)) throw error;
    if (brought?.kind !== "file") throw onOtherDisk(from);
    return await replace(ready, await Deno.readFile(from), signal, brought.mode);
  }
  await syncDirectory(dirname(ready.path));
}

/** Removes the empty directory that was found. */
export async function removeDirectory(place: Place, signal: AbortSignal): Promise<void> {
  await confirm(place, signal, true);
  await takeAside(place, (held) => Deno.remove(held), signal);
  await syncDirectory(dirname(place.path));
}

/** Whether the system refused because two paths lie on different disks. */
export function isOtherDisk(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EXDEV";
}

/** What to say then. */
export function onOtherDisk(path: string): CodedError {
  return new CodedError(
    "file_failed",
    `"${path}" lies on another disk than where it would have to go.`,
    "Read and write its files one by one.",
  );
}

/** Takes what was found into a holder beside it, and goes on with it if it is the right thing. */
async function takeAside(
  place: Place,
  goOn: (held: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  await withHolder(place, signal, async (held) => {
    await Deno.rename(place.path, held);
    try {
      if (!isSame(sight(held), place.found)) throw changed(place.path);
      await goOn(held);
    } catch (error) {
      await putBack(held, place.path);
      throw error;
    }
  });
}

/** Brings something into a holder beside the place, and from there under the place's name. */
async function settle(
  from: string,
  place: Place,
  expected: Sighting | undefined,
  signal: AbortSignal,
): Promise<void> {
  await withHolder(place, signal, async (held) => {
    await Deno.rename(from, held);
    try {
      if (!isSame(sight(held), expected)) throw changed(place.path);
      const twice = expected?.kind === "file" && await giveName(held, place.path);
      if (!twice) await Deno.rename(held, place.path);
      await confirm({ ...place, found: expected }, signal, true);
      if (twice) await Deno.remove(held);
    } catch (error) {
      await putBack(held, from);
      throw error;
    }
  });
}

/** Works with a path in a directory of its own beside the place. */
async function withHolder(
  place: Place,
  signal: AbortSignal,
  work: (held: string) => Promise<void>,
): Promise<void> {
  const path = join(dirname(place.path), freshName());
  await makeFresh({ ...place, path, found: undefined }, signal);
  try {
    await work(join(path, basename(place.path)));
  } finally {
    await removeQuietly(path);
  }
}

/** What could not be taken goes back, unless something else has come in its place. */
async function putBack(held: string, path: string): Promise<void> {
  if (sight(held) === undefined || sight(path) !== undefined) return;
  await Deno.rename(held, path);
}

/** Moves to a path of the program's own, to another disk as a copy. */
async function carry(path: string, to: string, { found, path: from }: Place): Promise<void> {
  try {
    await Deno.rename(path, to);
  } catch (error) {
    if (!isOtherDisk(error)) throw error;
    if (found?.kind !== "file") throw onOtherDisk(from);
    await Deno.copyFile(path, to);
    await Deno.remove(path);
  }
}
