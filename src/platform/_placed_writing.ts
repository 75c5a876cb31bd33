import { basename, dirname, join } from "node:path";
import {
  changed,
  confirm,
  hasSameAncestors,
  isSame,
  locate,
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
): Promise<void> {
  const temporary = join(dirname(place.path), freshName());
  await confirm(place, signal);
  try {
    const written = await writeBeside(place, temporary, content, signal);
    await confirm(place, signal);
    if (place.found) await Deno.rename(temporary, place.path);
    else await giveName(temporary, place.path);
    await confirm({ ...place, found: written }, signal, true);
  } catch (error) {
    await removeQuietly(temporary);
    throw error;
  }
  await syncDirectory(dirname(place.path));
}

/** Makes a directory where nothing was. */
export async function makeDirectory(place: Place, signal: AbortSignal): Promise<void> {
  await confirm(place, signal);
  await Deno.mkdir(place.path);
  const now = await locate(place.anchor, place.path, signal);
  if (!hasSameAncestors(place, now) || now.found?.kind !== "directory") throw changed(place.path);
}

/** Gives what was found the name of a place where nothing was. */
export async function move(place: Place, target: Place, signal: AbortSignal): Promise<void> {
  await confirm(target, signal);
  await confirm(place, signal, true);
  if (place.found?.kind === "directory") await Deno.rename(place.path, target.path);
  else await Deno.link(place.path, target.path);
  await confirm({ ...target, found: place.found }, signal, true);
  if (place.found?.kind !== "directory") await aside(place, signal, (path) => Deno.remove(path));
  await syncDirectory(dirname(target.path));
}

/** Takes what was found, a whole directory too, out to a path of the program's own. */
export async function takeOut(place: Place, to: string, signal: AbortSignal): Promise<void> {
  await confirm(place, signal);
  await aside(place, signal, (path) => Deno.rename(path, to));
  await syncDirectory(dirname(place.path));
}

/** Puts a file or directory of the program's own where nothing was. */
export async function bringIn(from: string, place: Place, signal: AbortSignal): Promise<void> {
  await confirm(place, signal);
  const brought = await sight(from);
  if (brought?.kind === "directory") await Deno.rename(from, place.path);
  else await giveName(from, place.path);
  await confirm({ ...place, found: brought }, signal, true);
  await syncDirectory(dirname(place.path));
}

/** Puts a copy of a file of the program's own in place of the file that was found. */
export async function replaceWith(from: string, place: Place, signal: AbortSignal): Promise<void> {
  await replace(place, await Deno.readFile(from), signal);
}

/** Writes and syncs a new file, its content only once it is sure in which directory it stands. */
async function writeBeside(
  place: Place,
  temporary: string,
  content: Uint8Array,
  signal: AbortSignal,
): Promise<Sighting> {
  using file = await Deno.open(temporary, { write: true, createNew: true, mode: 0o600 });
  const written = toSighting(await file.stat());
  await confirm({ ...place, path: temporary, found: written }, signal, true);
  for (let sent = 0; sent < content.length;) sent += await file.write(content.subarray(sent));
  await file.sync();
  if (Deno.build.os !== "windows") await Deno.chmod(temporary, place.found?.mode ?? 0o644);
  return written;
}

/** Gives a file its name without ever replacing what came there in the meantime. */
async function giveName(temporary: string, path: string): Promise<void> {
  await Deno.link(temporary, path);
  await Deno.remove(temporary);
}

/** Moves what was found into a directory of its own beside it, and goes on if it is the right thing. */
async function aside(
  place: Place,
  signal: AbortSignal,
  goOn: (path: string) => Promise<void>,
): Promise<void> {
  const holder = { ...place, path: join(dirname(place.path), freshName()), found: undefined };
  await makeDirectory(holder, signal);
  const held = join(holder.path, basename(place.path));
  try {
    await Deno.rename(place.path, held);
    if (!isSame(await sight(held), place.found)) {
      await Deno.rename(held, place.path);
      throw changed(place.path);
    }
    await goOn(held);
  } finally {
    await removeQuietly(holder.path);
  }
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
