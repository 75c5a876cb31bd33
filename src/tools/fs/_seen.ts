import { CodedError } from "../../domain/failure.ts";
import { isUnchanged, type Place } from "../../platform/workspace.ts";
import { sha256Hex } from "../../text/canonical_json.ts";
import type { FsContext } from "./_context.ts";

/**
 * A file as it was when the question was made. Identity, size and time do not hold it fast: whoever
 * removes a file and makes it anew can get its number back, and set its time.
 */
export interface Seen {
  readonly bytes: Uint8Array;
  /**
   * Reads it again: exactly the bytes that were seen.
   * @throws {CodedError} `file_changed` when it has become another in any way
   */
  again(signal: AbortSignal): Promise<Uint8Array>;
}

/** Looks at the first `limit` bytes of the file that was found. */
export async function see(
  place: Place,
  limit: number,
  context: FsContext,
  signal: AbortSignal,
): Promise<Seen> {
  const bytes = await context.workspace.read(place, limit, signal);
  const seen = await sha256Hex(bytes);
  return {
    bytes,
    async again(signal) {
      const now = await context.workspace.read(place, limit, signal);
      const { found } = await context.workspace.locate(place.path, signal);
      const isSame = isUnchanged(place.found, found) && await sha256Hex(now) === seen;
      if (!isSame) throw changedMeanwhile(place.path);
      return now;
    },
  };
}

/** What to say when something is not what was asked for. */
export function changedMeanwhile(path: string): CodedError {
  return new CodedError(
    "file_changed",
    `"${path}" is not the same any more as when you were asked, so nothing was done.`,
    "Look at it again, then repeat the call.",
  );
}
