import { basename, dirname, join } from "node:path";
import { CodedError } from "../domain/failure.ts";
import {
  changed,
  confirm,
  hasSameAncestors,
  isSame,
  isUntouched,
  locate,
  missingParents,
  type Place,
  sight,
  type Sighting,
  toSighting,
} from "./_steady.ts";

// A rename walks two paths. Both walks have to pass something with a fresh random name that was
// seen to stand in the right directory, so neither can be led through another one.

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

/** Gives what was found the name of a place where nothing was. */
export async function move(place: Place, target: Place, signal: AbortSignal): Promise<void> {
  const ready = await makeParents(target, signal);
  await confirm(place, signal, true);
  const twice = place.found?.kind === "file" && await giveName(place.path, ready.path);
  if (!twice) await Deno.rename(place.path, ready.path);
  await confirm({ ...ready, found: place.found }, signal, true);
  if (twice) await aside(place, signal, (path) => Deno.remove(path));
  await syncDirectory(dirname(ready.path));
  await syncDirectory(dirname(place.path));
}

/** Takes what was found, a whole directory too, out to a path of the program's own. */
export async function takeOut(place: Place, to: string, signal: AbortSignal): Promise<void> {
  await confirm(place, signal);
  await aside(place, signal, (path) => carry(path, to, place));
  await syncDirectory(dirname(place.path));
}

/** Puts a file or directory of the program's own where nothing was. */
export async function bringIn(from: string, place: Place, signal: AbortSignal): Promise<void> {
  const ready = await makeParents(place, signal);
  const brought = await sight(from);
  try {
    const twice = brought?.kind === "file" && await giveName(from, ready.path);
    if (!twice) await Deno.rename(from, ready.path);
  } catch (error) {
    if (!isOtherDisk(error)) throw error;
    if (brought?.kind !== "file") throw onOtherDisk(from);
    return await replace(ready, await Deno.readFile(from), signal, brought.mode);
  }
  await confirm({ ...ready, found: brought }, signal, true);
  await syncDirectory(dirname(ready.path));
}

/** Removes the empty directory that was found. */
export async function removeDirectory(place: Place, signal: AbortSignal): Promise<void> {
  await confirm(place, signal, true);
  await aside(place, signal, (path) => Deno.remove(path));
  await syncDirectory(dirname(place.path));
}

/**
 * Makes the directories that are missing above a place. Others may make them at the same time.
 * @returns the place as it is then, by way of the directories that it was found by
 */
async function makeParents(place: Place, signal: AbortSignal): Promise<Place> {
  for (const path of missingParents(place)) {
    const parent = await locate(place.anchor, path, signal);
    if (!parent.found) await makeOne(parent, signal);
  }
  const ready = await locate(place.anchor, place.path, signal);
  const known = ready.ancestors.slice(0, place.ancestors.length);
  if (!hasSameAncestors(place, { ancestors: known }) || !isUntouched(place.found, ready.found)) {
    throw changed(place.path);
  }
  return { ...place, ...ready };
}

async function makeOne(place: Place, signal: AbortSignal): Promise<void> {
  await Deno.mkdir(place.path);
  const now = await locate(place.anchor, place.path, signal);
  if (!hasSameAncestors(place, now) || now.found?.kind !== "directory") throw changed(place.path);
}

/** Writes and syncs a new file, its content only once it is sure in which directory it stands. */
async function writeBeside(
  place: Place,
  temporary: string,
  content: Uint8Array,
  mode: number | undefined,
  signal: AbortSignal,
): Promise<Sighting> {
  using file = await Deno.open(temporary, {
    write: true,
    createNew: true,
    mode: mode === undefined ? 0o666 : 0o600, // the person's mask decides about new files
  });
  const written = toSighting(await file.stat());
  await confirm({ ...place, path: temporary, found: written }, signal, true);
  for (let sent = 0; sent < content.length;) sent += await file.write(content.subarray(sent));
  await file.sync();
  if (mode !== undefined && Deno.build.os !== "windows") await Deno.chmod(temporary, mode);
  return written;
}

/**
 * Gives a file a further name, without ever replacing what came there in the meantime.
 * @returns false when the disk knows no second names; then nothing stands there
 */
async function giveName(path: string, name: string): Promise<boolean> {
  try {
    await Deno.link(path, name);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists || isOtherDisk(error)) throw error;
    if (await sight(name) !== undefined) throw changed(name);
    return false;
  }
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

/** Moves what was found into a directory of its own beside it, and goes on if it is the right thing. */
async function aside(
  place: Place,
  signal: AbortSignal,
  goOn: (path: string) => Promise<void>,
): Promise<void> {
  const holder = { ...place, path: join(dirname(place.path), freshName()), found: undefined };
  await makeOne(holder, signal);
  const held = join(holder.path, basename(place.path));
  try {
    await Deno.rename(place.path, held);
    try {
      if (!isSame(await sight(held), place.found)) throw changed(place.path);
      await goOn(held);
    } catch (error) {
      await putBack(held, place.path);
      throw error;
    }
  } finally {
    await removeQuietly(holder.path);
  }
}

/** What could not be taken goes back, unless something else has come in its place. */
async function putBack(held: string, path: string): Promise<void> {
  if (await sight(held) === undefined || await sight(path) !== undefined) return;
  await Deno.rename(held, path);
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

function freshName(): string {
  return `.clambot-${crypto.randomUUID()}.tmp`;
}

async function removeQuietly(path: string): Promise<void> {
  await Deno.remove(path).catch(() => {}); // gone already, or not empty: then it must stay
}

/** Makes a rename itself durable. Systems that cannot open directories do without. */
async function syncDirectory(path: string): Promise<void> {
  try {
    using directory = await Deno.open(path, { read: true });
    await directory.sync();
  } catch {
    // not every file system can sync a directory; the rename is atomic all the same
  }
}
