import { CodedError, type FailureCode } from "../domain/failure.ts";
import type { Resource } from "../domain/tool_call.ts";
import { type FsContext, inBytes, resourceAt } from "./fs/_context.ts";
import { createPaths } from "./fs/_paths.ts";
import { expectFile } from "./fs/_reading.ts";
import { see } from "./fs/_seen.ts";
import type { FsPorts } from "./fs/fs.ts";

/** A file that a program named, as it was found. */
export interface WorkspaceFile {
  /** Absolute, links resolved. */
  readonly path: string;
  readonly resource: Resource;
  /** Bytes; 0 where there is nothing to read. */
  readonly size: number;
  /**
   * Reads exactly what was found.
   * @throws {CodedError} what is wrong with the file, or `file_changed`
   */
  read(signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** Finds a file of at most `most` bytes. @throws {CodedError} where no tool may look */
export type FindFile = (path: string, most: number, signal: AbortSignal) => Promise<WorkspaceFile>;

/** Failures that come from how the disk looks now: such a call may be one that was done before. */
const OF_THE_DISK: readonly FailureCode[] = [
  "file_not_found",
  "file_too_large",
  "file_type_mismatch",
];

/** Reads whole files for other tools, by the rules of `fs`. */
export function createFindFile({ workspace, undo, limits, around }: FsPorts): FindFile {
  const paths = createPaths(workspace, { ...around, restricted: limits.restrictToWorkspace });
  const context: FsContext = { workspace, paths, undo, limits };
  return async (path, most, signal) => {
    const place = await paths.find(path, "read", signal);
    const file = { path: place.path, resource: resourceAt("read", place, context) };
    try {
      expectFile(place);
      const size = place.found?.size ?? 0;
      if (size > most) throw tooLarge(place.path, size, most);
      const seen = await see(place, most, context, signal);
      return { ...file, size, read: async (again) => Uint8Array.from(await seen.again(again)) };
    } catch (error) {
      if (!(error instanceof CodedError) || !OF_THE_DISK.includes(error.code)) throw error;
      return { ...file, size: 0, read: () => Promise.reject(error) };
    }
  };
}

function tooLarge(path: string, size: number, most: number): CodedError {
  return new CodedError(
    "file_too_large",
    `"${path}" has ${inBytes(size)}: ${inBytes(most)} are the most.`,
  );
}
