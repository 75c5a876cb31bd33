import { join, resolve } from "node:path";
import { isWithin } from "../../approvals/scopes.ts";
import { CodedError } from "../../domain/failure.ts";
import type { Place, Workspace } from "../../platform/workspace.ts";

/** What lies around the root, and which of it the tool may touch. */
export interface Surroundings {
  /** Only the root may be touched. */
  readonly restricted: boolean;
  /** Never touched, whatever the restriction: the program's own directories and files. */
  readonly kept: readonly string[];
  /** The person's home directory, for `~`. */
  readonly userHome: string | undefined;
}

/** Turns the paths that programs write into places. */
export interface Paths {
  /**
   * The place that a path means: relative to the root, links resolved.
   * @throws {CodedError} when it leads out of where the tool may go
   */
  find(path: string, signal: AbortSignal): Promise<Place>;
  /** Whether a directory above or at this path holds something that is never touched. */
  holdsKept(path: string): boolean;
  isKept(path: string): boolean;
}

export function createPaths(workspace: Workspace, around: Surroundings): Paths {
  const { root } = workspace;
  const isKept = (path: string) =>
    !isWithin(path, root) && around.kept.some((kept) => isWithin(path, kept));
  return {
    isKept,
    holdsKept: (path) => around.kept.some((kept) => isWithin(kept, path)),
    async find(path, signal) {
      const wanted = absolute(path, root, around);
      const real = await workspace.resolve(wanted);
      if (real === undefined || (around.restricted && !isWithin(real, root))) {
        throw outside(path, root);
      }
      if (isKept(real)) throw guarded(path);
      return await workspace.locate(real, signal);
    },
  };
}

/** Refuses names that cannot be shown to a person as they are. */
export function checkName(path: string): void {
  // deno-lint-ignore no-control-regex
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(path)) {
    throw new CodedError(
      "tool_arguments_invalid",
      `fs: the name ${JSON.stringify(path)} has control characters in it.`,
    );
  }
}

function absolute(path: string, root: string, around: Surroundings): string {
  if (path.includes("\0")) checkName(path);
  const [, below] = /^~(?:[\\/](.*))?$/s.exec(path) ?? [];
  if (path.startsWith("~") && (path === "~" || below !== undefined)) {
    if (around.restricted || around.userHome === undefined) throw outside(path, root);
    return join(around.userHome, below ?? "");
  }
  return resolve(root, path);
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
    `${JSON.stringify(path)} belongs to ClamBot itself; the file tool never touches it.`,
  );
}
