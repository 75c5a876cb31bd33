import { basename, dirname, join } from "node:path";
import { absolutePath, isWithin } from "../../approvals/scopes.ts";
import { CodedError } from "../../domain/failure.ts";
import { isSame, type Place, type Workspace } from "../../platform/workspace.ts";

/** What lies around the root, and which of it the tool may touch. */
export interface PathSurroundings {
  /** Only the root may be touched, and the readable directories read. */
  readonly restricted: boolean;
  /** Never touched, whatever the restriction: the program's own directories and files. */
  readonly kept: readonly string[];
  /** The person's home directory, for `~`. */
  readonly userHome: string | undefined;
}

/**
 * What a path is wanted for. `entry`: the name itself is to be moved or removed, so a link at its
 * end is not followed.
 */
export type Purpose = "read" | "write" | "entry";

/** Turns the paths that programs write into places. */
export interface Paths {
  /**
   * The place that a path means: relative to the root, links resolved.
   * @throws {CodedError} `path_outside_workspace` or `path_protected` for where the tool may not go
   */
  find(path: string, purpose: Purpose, signal: AbortSignal): Promise<Place>;
  /** Whether an absolute path is one that is never touched. */
  isKept(path: string): Promise<boolean>;
  /** Whether something that is never touched stands at or below this directory. */
  holdsKept(path: string): Promise<boolean>;
}

/** Files here are the system's own doors, to secrets of running programs too. */
const SYSTEM = ["/proc", "/sys", "/dev"];

/** How often a file with two names is looked at, and milliseconds between two looks. */
const MOST_LOOKS = 6;
const LOOK_MS = 10;

/** Builds the one policy about paths. */
export function createPaths(workspace: Workspace, around: PathSurroundings): Paths {
  const { root, readable } = workspace;
  const isOpen = (path: string) => [root, ...readable].some((open) => isWithin(path, open));
  let resolved: Promise<readonly string[]> | undefined;

  /** The program's own places by their real paths too: its home may be reached by a link. */
  function ownPlaces(): Promise<readonly string[]> {
    return resolved ??= Promise.all(
      around.kept.map(async (path) => await workspace.resolve(path) ?? path),
    );
  }

  async function allKept(): Promise<readonly string[]> {
    return [...around.kept, ...await ownPlaces(), ...SYSTEM];
  }

  async function isKept(path: string): Promise<boolean> {
    // beside a configuration lie its backups and locks, under its name with an ending
    return !isOpen(path) &&
      (await allKept()).some((one) => isWithin(path, one) || path.startsWith(`${one}.`));
  }

  /** The program's own directories by what they are, under whatever name they can be reached. */
  async function isKeptObject(place: Place, signal: AbortSignal): Promise<boolean> {
    if (isOpen(place.path)) return false;
    const own = await Promise.all(
      (await ownPlaces()).map((path) => workspace.locate(path, signal)),
    );
    return own.some(({ found }) =>
      found && [...place.ancestors, place.found].some((one) => isSame(one, found))
    );
  }

  return {
    isKept,
    holdsKept: async (path) => (await allKept()).some((one) => isWithin(one, path)),
    async find(path, purpose, signal) {
      const wanted = absolute(path, workspace, around);
      if (!around.restricted && await isKept(wanted)) throw guarded(path);
      const real = await realPath(wanted, purpose);
      if (real === undefined) throw outside(path, root);
      if (around.restricted && !isOpen(real)) throw outside(path, root);
      if (purpose !== "read" && readable.some((one) => isWithin(real, one))) throw readOnly(path);
      if (await isKept(real)) throw guarded(path);
      const place = await locateSettled(real, signal);
      if (!around.restricted && await isKeptObject(place, signal)) throw guarded(path);
      return place;
    },
  };

  /** A file that is just being made has two names for a moment: that of its making goes away. */
  async function locateSettled(real: string, signal: AbortSignal): Promise<Place> {
    for (let looks = 1;; looks++) {
      const place = await workspace.locate(real, signal);
      if (place.found?.links !== 2 || place.found.kind !== "file" || looks === MOST_LOOKS) {
        return place;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async function realPath(wanted: string, purpose: Purpose): Promise<string | undefined> {
    if (purpose !== "entry" || wanted === root) return await workspace.resolve(wanted);
    const parent = await workspace.resolve(dirname(wanted));
    return parent === undefined ? undefined : join(parent, basename(wanted));
  }
}

/**
 * Refuses names that cannot be shown to a person as they are.
 * @throws {CodedError} `tool_arguments_invalid`
 */
export function checkName(path: string): void {
  if (!/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(path)) return;
  throw new CodedError(
    "tool_arguments_invalid",
    `fs: the name ${JSON.stringify(path)} has control characters in it.`,
  );
}

function absolute(
  path: string,
  { root, readable }: Workspace,
  { userHome }: PathSurroundings,
): string {
  if (path.includes("\0")) checkName(path);
  if (userHome === undefined && /^~(?:[\\/]|$)/.test(path)) throw outside(path, root);
  return absolutePath(path, { root, beside: readable, userHome });
}

function outside(path: string, root: string): CodedError {
  return new CodedError(
    "path_outside_workspace",
    `${JSON.stringify(path)} leads out of ${root}, where the file tool works.`,
    "Use a path relative to that folder.",
  );
}

function guarded(path: string): CodedError {
  return new CodedError(
    "path_protected",
    `${JSON.stringify(path)} belongs to ClamBot or to the system; the file tool never touches it.`,
  );
}

function readOnly(path: string): CodedError {
  return new CodedError("path_protected", `${JSON.stringify(path)} can be read, but not changed.`);
}
