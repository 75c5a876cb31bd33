import { dirname, join, relative } from "node:path";
import { CodedError } from "../domain/failure.ts";

// How an object is held fast that others may move. The runtime can open by path only, and a path
// is walked anew with every call, so a directory on the way that becomes a link for a moment leads
// elsewhere. But whoever swaps a directory changes the modification time of the one above it.
// What is seen between two equal sights of all directories on the way, whose entries had not
// changed for a while, was seen through these directories and through nothing else.

/** What stands at a path, links not followed. Together `dev` and `ino` are its identity. */
export interface Sighting {
  readonly kind: "file" | "directory" | "link" | "other";
  readonly dev: number;
  readonly ino: number | null;
  /** How many names it has. */
  readonly links: number;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** When anything about it changed last; no program can set it. The runtime tells whole seconds. */
  readonly changed: number | undefined;
  readonly mode: number;
}

/** A path, what was found there, and the directories that lead to it. */
export interface Place {
  /** Absolute; none of its directories is a link. */
  readonly path: string;
  /** A directory above that is trusted to stay what it is. */
  readonly anchor: string;
  /** The directories from the anchor on down, as far as they exist. */
  readonly ancestors: readonly Sighting[];
  /** `undefined` when nothing is there. */
  readonly found: Sighting | undefined;
}

/** Milliseconds without a change after which a directory counts as quiet; above a clock tick. */
const QUIET_MS = 20;
/**
 * Milliseconds without any change after which one whose modification time lies before that change
 * counts as quiet. Such a time was set by hand, or the directory itself was moved or came out of an
 * archive.
 */
const QUIET_SET_BACK_MS = 2_000;
/** Milliseconds to wait for quiet. */
const PATIENCE_MS = 3_000;

/**
 * What stands at the path; `undefined` when nothing does. Synchronous, because a look takes a few
 * microseconds, and the less time passes between two of them the less can happen.
 */
export function sight(path: string): Sighting | undefined {
  try {
    return toSighting(Deno.lstatSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The identity of what `lstat` or an open file's `stat` tells about. */
export function toSighting(stat: Deno.FileInfo): Sighting {
  return {
    kind: stat.isFile ? "file" : stat.isDirectory ? "directory" : stat.isSymlink ? "link" : "other",
    dev: stat.dev,
    ino: stat.ino,
    links: stat.nlink ?? 1,
    size: stat.size,
    modified: stat.mtime?.getTime() ?? 0,
    changed: stat.ctime?.getTime(),
    mode: (stat.mode ?? 0o600) & 0o777,
  };
}

/** Whether two sights are of one object. */
export function isSame(one: Sighting | undefined, other: Sighting | undefined): boolean {
  if (!one || !other) return one === other;
  return one.kind === other.kind && one.dev === other.dev && one.ino === other.ino;
}

/** Whether it is one object with one content, as far as size and time tell. */
export function isUntouched(one: Sighting | undefined, other: Sighting | undefined): boolean {
  return isSame(one, other) && one?.size === other?.size && one?.modified === other?.modified;
}

/** The same, and nothing has been done to it either that put its time back afterwards. */
export function isUnchanged(one: Sighting | undefined, other: Sighting | undefined): boolean {
  return isUntouched(one, other) && one?.changed === other?.changed;
}

/** Finds what stands at a path below the anchor. */
export async function locate(anchor: string, path: string, signal: AbortSignal): Promise<Place> {
  const { ancestors, value } = await steadily(
    anchor,
    path,
    signal,
    (complete) => Promise.resolve(complete ? sight(path) : undefined),
  );
  return { path, anchor, ancestors, found: value };
}

/**
 * Looks while the directories on the way stand still. Whatever `look` sees is what is really there
 * in these directories. `complete` is false when not all of them exist.
 * @throws {CodedError} `file_changed` when they do not come to rest, or one is not a directory
 */
export async function steadily<T>(
  anchor: string,
  path: string,
  signal: AbortSignal,
  look: (complete: boolean) => Promise<T>,
): Promise<{ readonly ancestors: readonly Sighting[]; readonly value: T }> {
  const names = namesBetween(anchor, path);
  const patience = performance.now() + PATIENCE_MS;
  do {
    const before = await restingAncestors(anchor, names, path, signal);
    if (!before) continue;
    const value = await look(before.length === names.length + 1);
    const after = sightAncestors(anchor, names, path);
    if (isResting(before, after)) return { ancestors: after, value };
  } while (performance.now() < patience);
  throw new CodedError(
    "file_changed",
    `The folders above "${path}" are being changed by another program.`,
    "Wait until it is done, then try again.",
  );
}

/** Makes sure that a place is still what it was found to be; `touched`: its content may differ. */
export async function confirm(place: Place, signal: AbortSignal, touched = false): Promise<void> {
  const now = await locate(place.anchor, place.path, signal);
  const same = touched ? isSame : isUnchanged;
  if (!hasSameAncestors(place, now) || !same(place.found, now.found)) throw changed(place.path);
}

/** The directories on the way to a place that do not exist, the uppermost first. */
export function missingParents({ anchor, path, ancestors }: Place): string[] {
  const names = namesBetween(anchor, path);
  return names.slice(ancestors.length - 1)
    .map((_, index) => join(anchor, ...names.slice(0, ancestors.length + index)));
}

/** Whether a place was found by way of the same directories as another. */
export function hasSameAncestors(
  one: { readonly ancestors: readonly Sighting[] },
  other: { readonly ancestors: readonly Sighting[] },
): boolean {
  return one.ancestors.length === other.ancestors.length &&
    one.ancestors.every((sighting, index) => isSame(sighting, other.ancestors[index]));
}

/** What to say when something is not what it was. */
export function changed(path: string): CodedError {
  return new CodedError(
    "file_changed",
    `"${path}" is not the same any more as when it was looked at.`,
    "Look at it again, then repeat the call.",
  );
}

/** The directories' sights once no entry of theirs has changed for a while, else `undefined`. */
async function restingAncestors(
  anchor: string,
  names: readonly string[],
  path: string,
  signal: AbortSignal,
): Promise<readonly Sighting[] | undefined> {
  signal.throwIfAborted();
  const first = sightAncestors(anchor, names, path);
  const now = Date.now();
  if (watched(first, names).every((sighting) => isQuiet(sighting, now))) return first;
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  const second = sightAncestors(anchor, names, path);
  const isStill = watched(second, names).every((sighting) => !isSetBack(sighting, Date.now()));
  return isStill && isResting(first, second) ? second : undefined;
}

function isQuiet(sighting: Sighting, now: number): boolean {
  return sighting.modified <= now - QUIET_MS && !isSetBack(sighting, now);
}

function isSetBack({ modified, changed }: Sighting, now: number): boolean {
  return changed !== undefined && modified < changed && changed > now - QUIET_SET_BACK_MS;
}

function sightAncestors(
  anchor: string,
  names: readonly string[],
  path: string,
): readonly Sighting[] {
  const sightings = [toSighting(Deno.statSync(anchor))];
  let at = anchor;
  for (const name of names) {
    at = join(at, name);
    const found = sight(at);
    if (!found) return sightings;
    if (found.kind !== "directory") throw changed(path);
    sightings.push(found);
  }
  return sightings;
}

/** Same directories, and no entry of those that lead on has changed. */
function isResting(before: readonly Sighting[], after: readonly Sighting[]): boolean {
  if (!hasSameAncestors({ ancestors: before }, { ancestors: after })) return false;
  return before.slice(0, -1).every((one, index) =>
    one.modified === after[index]?.modified && one.changed === after[index]?.changed
  );
}

/** Those whose entries lead on: swapping the last one changes the one above it. */
function watched(ancestors: readonly Sighting[], names: readonly string[]): readonly Sighting[] {
  return ancestors.length === names.length + 1 ? ancestors.slice(0, -1) : ancestors;
}

/** Names of the directories between the anchor and the path's last part. */
function namesBetween(anchor: string, path: string): string[] {
  return relative(anchor, dirname(path)).split(/[\\/]/).filter((name) => name !== "");
}
