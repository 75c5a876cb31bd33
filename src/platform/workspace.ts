import { basename, dirname, isAbsolute, join, parse, relative } from "node:path";
import { CodedError } from "../domain/failure.ts";
import { copyOut, list, type PlacedEntry, read } from "./_placed_reading.ts";
import { bringIn, makeDirectory, move, replace, replaceWith, takeOut } from "./_placed_writing.ts";
import { changed, locate, type Place, sight } from "./_steady.ts";

export type { PlacedEntry } from "./_placed_reading.ts";
export type { Place, Sighting } from "./_steady.ts";

/**
 * Files that programs and other people change too, reached by paths that a program chose. Nothing
 * here follows a link: a {@linkcode Place} is found first, and every operation makes sure that it
 * works on the very object that was found there, below the very directories, or it fails with
 * `file_changed`. All paths are absolute.
 */
export interface Workspace {
  /** Absolute root. It and what is above it are trusted to stay what they are. */
  readonly root: string;
  /**
   * The path with all links resolved; below the root it begins with {@linkcode Workspace.root}.
   * What does not exist yet is kept as it is. `undefined` when it leads to where this process may
   * not look, or a link leads nowhere.
   */
  resolve(path: string): Promise<string | undefined>;
  /** Looks at a resolved path; there may be nothing. */
  locate(path: string, signal: AbortSignal): Promise<Place>;
  /** The first `limit` bytes of the file that was found. It may have grown since. */
  read(place: Place, limit: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Entries of the directory that was found, at most `limit`, in no order. */
  list(place: Place, limit: number, signal: AbortSignal): Promise<readonly PlacedEntry[]>;
  /**
   * Puts content in place of the file that was found, or where nothing was: whole or not at all,
   * durably. Keeps the mode. The directory must exist.
   */
  replace(place: Place, content: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Makes a directory where nothing was. The one above must exist. */
  makeDirectory(place: Place, signal: AbortSignal): Promise<void>;
  /** Gives what was found the name of a place where nothing was. */
  move(place: Place, target: Place, signal: AbortSignal): Promise<void>;
  /** Takes what was found, a whole directory too, out to a path of the program's own. */
  takeOut(place: Place, to: string, signal: AbortSignal): Promise<void>;
  /** Copies the file that was found to a path of the program's own, where nothing may be. */
  copyOut(place: Place, to: string, signal: AbortSignal): Promise<void>;
  /** Puts a file or directory of the program's own where nothing was. */
  bringIn(from: string, place: Place, signal: AbortSignal): Promise<void>;
  /** Puts a copy of a file of the program's own in place of the file that was found. */
  replaceWith(from: string, place: Place, signal: AbortSignal): Promise<void>;
}

/** Opens the directory that programs work in. `root` is absolute and must exist when it is used. */
export function openWorkspace(root: string): Workspace {
  return {
    root,
    resolve: (path) => resolveLinks(root, path),
    locate: (path, signal) => told(path, () => locate(anchorOf(root, path), path, signal)),
    read: (place, limit, signal) => told(place.path, () => read(place, limit, signal)),
    list: (place, limit, signal) => told(place.path, () => list(place, limit, signal)),
    replace: (place, content, signal) => told(place.path, () => replace(place, content, signal)),
    makeDirectory: (place, signal) => told(place.path, () => makeDirectory(place, signal)),
    move: (place, target, signal) => told(place.path, () => move(place, target, signal)),
    takeOut: (place, to, signal) => told(place.path, () => takeOut(place, to, signal)),
    copyOut: (place, to, signal) => told(place.path, () => copyOut(place, to, signal)),
    bringIn: (from, place, signal) => told(place.path, () => bringIn(from, place, signal)),
    replaceWith: (from, place, signal) => told(place.path, () => replaceWith(from, place, signal)),
  };
}

/** Below the root only the root is trusted; elsewhere nothing but the file system's own root. */
function anchorOf(root: string, path: string): string {
  if (path === root) return dirname(root);
  return isBelow(path, root) ? root : parse(path).root;
}

async function resolveLinks(root: string, path: string): Promise<string | undefined> {
  const missing: string[] = [];
  for (let at = path;; at = dirname(at)) {
    try {
      const real = join(await Deno.realPath(at), ...missing);
      const realRoot = await Deno.realPath(root);
      if (real === realRoot) return root;
      return isBelow(real, realRoot) ? join(root, relative(realRoot, real)) : real;
    } catch (error) {
      if (error instanceof Deno.errors.NotADirectory) throw notADirectory(at);
      const absent = error instanceof Deno.errors.NotFound && await sight(at) === undefined;
      if (!absent || dirname(at) === at) return undefined;
      missing.unshift(basename(at));
    }
  }
}

function isBelow(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== "" && way !== ".." && !/^\.\.[\\/]/.test(way) && !isAbsolute(way);
}

/** Does it, and tells what the system has against it in one sentence. */
async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CodedError || error instanceof DOMException) throw error;
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.AlreadyExists) {
      throw changed(path);
    }
    if (error instanceof Deno.errors.NotADirectory) throw notADirectory(path);
    const reason = error instanceof Error ? error.message.split(/[:,] /, 1)[0] : String(error);
    throw new CodedError("file_failed", `The system refuses to work on "${path}": ${reason}.`);
  }
}

function notADirectory(path: string): CodedError {
  return new CodedError(
    "file_type_mismatch",
    `"${path}" cannot be there: a part of the way to it is a file.`,
  );
}
