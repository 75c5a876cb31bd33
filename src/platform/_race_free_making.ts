import { dirname, join } from "node:path";
import { changed, hasSameAncestors, isSame, locate, type Place, sight } from "./_race_free.ts";

// A directory is made under a fresh random name first, and gets its own once it was seen to stand
// in the right directory. One that came to stand elsewhere, because the way to it was led through a
// link at that moment, is taken back: nobody else knows its name, so nothing else can be removed.

/** Milliseconds during which one that cannot be found is looked for. */
const PATIENCE_MS = 1_000;

/** Makes one directory where nothing was, and makes sure that it stands there. */
export async function makeOne(place: Place, signal: AbortSignal): Promise<void> {
  const fresh = join(dirname(place.path), freshName());
  const made = await makeFresh({ ...place, path: fresh, found: undefined }, signal);
  try {
    if (sight(place.path) !== undefined) throw changed(place.path);
    Deno.renameSync(fresh, place.path);
    const now = await locate(place.anchor, place.path, signal);
    if (!hasSameAncestors(place, now) || !isSame(now.found, made)) throw changed(place.path);
  } catch (error) {
    if (isSame(sightOrNothing(place.path), made)) await takeBack([place.path]);
    else await removeQuietly(fresh);
    throw error;
  }
}

/** Makes a directory whose name nobody else knows. */
export async function makeFresh(place: Place, signal: AbortSignal): Promise<Place["found"]> {
  signal.throwIfAborted();
  Deno.mkdirSync(place.path);
  const landed = realPathOrNothing(place.path);
  try {
    const now = await locate(place.anchor, place.path, signal);
    if (hasSameAncestors(place, now) && now.found?.kind === "directory") return now.found;
    throw changed(place.path);
  } catch (error) {
    await takeBack(landed === undefined ? [place.path] : [landed, place.path]);
    throw error;
  }
}

/** Removes an empty directory by any of these ways, as soon as one leads to it. */
async function takeBack(paths: readonly string[]): Promise<void> {
  const patience = performance.now() + PATIENCE_MS;
  do {
    if (paths.some(isRemoved)) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  } while (performance.now() < patience);
}

function isRemoved(path: string): boolean {
  try {
    Deno.removeSync(path);
    return true;
  } catch {
    return false; // it does not lead there now, or may not be gone by
  }
}

function realPathOrNothing(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined; // the way to it leads elsewhere again
  }
}

function sightOrNothing(path: string) {
  try {
    return sight(path);
  } catch {
    return undefined; // nothing that was made here
  }
}

/** Names that nobody else knows, until they are there. */
export function freshName(): string {
  return `.clambot-${crypto.randomUUID()}.tmp`;
}

/** Removes a file or an empty directory; what is gone already, or not empty, stays as it is. */
export async function removeQuietly(path: string): Promise<void> {
  await Deno.remove(path).catch(() => {});
}
