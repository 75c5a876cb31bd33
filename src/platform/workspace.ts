import { basename, dirname, isAbsolute, join, parse, relative } from "node:path";
import { CodedError } from "../domain/failure.ts";
import { copyOut, listPlaced, readPlaced } from "./_race_free_reading.ts";
import {
  bringIn,
  isOtherDisk,
  move,
  onOtherDisk,
  removeDirectory,
  takeOut,
} from "./_race_free_moving.ts";
import { makeDirectory, replace } from "./_race_free_writing.ts";
import { changed, locate, type Place, sight } from "./_race_free.ts";

export {
  isSame,
  isUnchanged,
  isUntouched,
  missingParents,
  type Place,
  type Sighting,
} from "./_race_free.ts";

/**
 * Files that programs and other people change too, reached by paths that a program chose. Nothing
 * here follows a link: a {@linkcode Place} is found first, and every operation makes sure that it
 * works on the very object that was found there, below the very directories, or it fails with
 * `file_changed`. All paths are absolute.
 */
export interface Workspace {
  /** Absolute root. It and what is above it are trusted to stay what they are. */
  readonly root: string;
  /** Directories beside the root that are trusted like it, where one may only read. */
  readonly readable: readonly string[];
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
  /**
   * The places of the entries of the directory that was found, at most `limit`, in no order. An
   * entry whose name is no Unicode has a place where nothing is found: no path leads to it.
   */
  list(place: Place, limit: number, signal: AbortSignal): Promise<readonly Place[]>;
  /**
   * Puts content in place of the file that was found, or where nothing was: whole or not at all,
   * durably. Keeps the mode, and makes directories that are missing.
   */
  replace(place: Place, content: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Makes a directory where nothing was, and those above it that are missing. */
  makeDirectory(place: Place, signal: AbortSignal): Promise<void>;
  /** Gives what was found the name of a place where nothing was, making its directories. */
  move(place: Place, target: Place, signal: AbortSignal): Promise<void>;
  /** Takes what was found, a whole directory too, out to a path of the program's own. */
  takeOut(place: Place, to: string, signal: AbortSignal): Promise<void>;
  /** Copies the file that was found to a path of the program's own, where nothing may be. */
  copyOut(place: Place, to: string, signal: AbortSignal): Promise<void>;
  /** Puts a file or directory of the program's own where nothing was. */
  bringIn(from: string, place: Place, signal: AbortSignal): Promise<void>;
  /** Removes the empty directory that was found. */
  removeDirectory(place: Place, signal: AbortSignal): Promise<void>;
}

/**
 * Opens the directory that programs work in, and those where they may only read. All are absolute
 * and must exist when they are used.
 */
export function openWorkspace(root: string, readable: readonly string[] = []): Workspace {
  const trusted = [root, ...readable];
  return {
    root,
    readable,
    resolve: (path) => told(path, undefined, () => resolveLinks(trusted, path)),
    locate: (path, signal) =>
      told(path, signal, () => locate(anchorOf(trusted, path), path, signal)),
    read: (place, limit, signal) =>
      told(place.path, signal, () => readPlaced(place, limit, signal)),
    list: (place, limit, signal) =>
      told(place.path, signal, () => listPlaced(place, limit, signal)),
    replace: (place, content, signal) =>
      told(place.path, signal, () => replace(place, content, signal)),
    makeDirectory: (place, signal) => told(place.path, signal, () => makeDirectory(place, signal)),
    move: (place, target, signal) => told(place.path, signal, () => move(place, target, signal)),
    takeOut: (place, to, signal) => told(place.path, signal, () => takeOut(place, to, signal)),
    copyOut: (place, to, signal) => told(place.path, signal, () => copyOut(place, to, signal)),
    bringIn: (from, place, signal) => told(place.path, signal, () => bringIn(from, place, signal)),
    removeDirectory: (place, signal) =>
      told(place.path, signal, () => removeDirectory(place, signal)),
  };
}

/** Outside of the trusted directories only the root of the file system is trusted. */
function anchorOf(trusted: readonly string[], path: string): string {
  if (trusted.includes(path)) return dirname(path);
  return trusted.find((directory) => isBelow(path, directory)) ?? parse(path).root;
}

async function resolveLinks(
  trusted: readonly string[],
  path: string,
): Promise<string | undefined> {
  const missing: string[] = [];
  let at = path;
  for (let surprises = 0;;) {
    try {
      return await asTrusted(trusted, join(await Deno.realPath(at), ...missing));
    } catch (error) {
      if (error instanceof Deno.errors.NotADirectory) throw notADirectory(at);
      if (UNREACHABLE.some((kind) => error instanceof kind)) return undefined;
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      if (dirname(at) === at) return undefined;
      if (mayBeLink(at)) {
        // perhaps somebody has made it since it was not found: then it is found the next time
        if (surprises++ < MOST_SURPRISES) continue;
        return undefined;
      }
      missing.unshift(basename(at));
      at = dirname(at);
    }
  }
}

/** Times that one path is looked at again. */
const MOST_SURPRISES = 3;

const UNREACHABLE = [
  Deno.errors.NotCapable,
  Deno.errors.PermissionDenied,
  Deno.errors.FilesystemLoop,
];

/** Whether something stands at a path that leads nowhere, or that cannot be told. */
function mayBeLink(path: string): boolean {
  try {
    return sight(path) !== undefined;
  } catch {
    return true;
  }
}

/** A real path, told by way of the trusted directory that it is in, which may be a link itself. */
async function asTrusted(trusted: readonly string[], real: string): Promise<string> {
  for (const directory of trusted) {
    const realDirectory = await Deno.realPath(directory).catch(() => directory);
    if (real === realDirectory) return directory;
    if (isBelow(real, realDirectory)) return join(directory, relative(realDirectory, real));
  }
  return real;
}

function isBelow(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== "" && way !== ".." && !/^\.\.[\\/]/.test(way) && !isAbsolute(way);
}

/** Does it, and tells what the system has against it in one sentence. */
async function told<T>(
  path: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CodedError || signal?.aborted) throw error;
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.AlreadyExists) {
      throw changed(path);
    }
    if (error instanceof Deno.errors.NotADirectory) throw notADirectory(path);
    if (isOtherDisk(error)) throw onOtherDisk(path);
    if (error instanceof Deno.errors.NotCapable) throw walledOff(path, error);
    if (!isOfTheSystem(error)) throw error;
    const [reason] = error.message.split(/[:,] /, 1);
    throw new CodedError("file_failed", `The system refuses to work on "${path}": ${reason}.`);
  }
}

function isOfTheSystem(error: unknown): error is Error {
  return error instanceof Error && "code" in error;
}

/** The core has no permission; the runtime's sentence says for what. */
function walledOff(path: string, { message }: Error): CodedError {
  const what = /^Requires (read|write) access/.exec(message)?.[1] ?? "work";
  // permissions know no exceptions, so they name what stands beside the home, one by one
  const hint =
    "Nothing new can be made in a directory that holds ClamBot's home or configuration " +
    "somewhere below; use one beside it.";
  return new CodedError(
    "file_failed",
    `ClamBot's own wall keeps it from "${path}": it has no permission to ${what} there.`,
    what === "write" ? hint : undefined,
  );
}

function notADirectory(path: string): CodedError {
  return new CodedError(
    "file_type_mismatch",
    `"${path}" cannot be there: a part of the way to it is a file.`,
  );
}
