import { CodedError } from "../domain/failure.ts";
import { findFullDisk } from "./full_disk.ts";

/** What was being done to a file, for the sentence of a failure. */
export type Doing = "read" | "write" | "remove" | "lock";

/**
 * The border of the program's own files: whatever the system throws leaves as a `CodedError` that
 * says what could not be done, to what, and why. The system's error stays its `cause`.
 * @throws {CodedError} `disk_full`, or `file_failed`
 */
export async function atBorder<T>(doing: Doing, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw codedFrom(error, doing, path);
  }
}

function codedFrom(error: unknown, doing: Doing, path: string): CodedError {
  if (error instanceof CodedError) return error;
  const full = findFullDisk(error, path);
  if (full) return new CodedError(full.code, full.message, full.hint, { cause: error });
  const message = `Cannot ${doing} "${path}": ${reasonOf(error)}.`;
  return new CodedError("file_failed", message, hintFor(error), { cause: error });
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) return "ClamBot's own wall keeps it from there";
  if (error instanceof Deno.errors.PermissionDenied) return "the system does not allow it";
  if (error instanceof Deno.errors.NotFound) return "it is not there any more";
  if (error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotADirectory) {
    return "a file stands where a directory is needed";
  }
  if (error instanceof Deno.errors.IsADirectory) {
    return "a directory stands where a file is needed";
  }
  const message = error instanceof Error ? error.message : String(error);
  return `the system says "${message.replace(/\.$/, "")}"`;
}

function hintFor(error: unknown): string {
  return error instanceof Deno.errors.PermissionDenied
    ? "Make it yours, or move it away, and try again."
    : "See what stands there, then try again.";
}
