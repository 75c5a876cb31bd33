import type { Json, JsonObject } from "../../domain/json.ts";
import { missingParents, type Place } from "../../platform/workspace.ts";
import { sha256Hex } from "../../text/canonical_json.ts";

/** One change of a file or directory, with what is needed to reverse it. */
export interface FileChange {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly operation: string;
  readonly path: string;
  /** Where it went, for a move. */
  readonly to?: string;
  /** Something stood there before and is kept in `kept/<id>`. */
  readonly kept: boolean;
  /** Bytes of what is kept. */
  readonly bytes: number;
  /** Lower-case hex SHA-256 of the file that the change left behind; absent when it left none. */
  readonly sha256?: string;
  /** Directories that were made for it, the uppermost first. */
  readonly made: readonly string[];
  /** Id of the change that this one reversed. */
  readonly undoes?: string;
  /** It failed, but what was there before is not there any more either. */
  readonly doubtful?: true;
}

/** A change that is about to be made. */
export interface PlannedChange {
  readonly operation: string;
  readonly place: Place;
  /** Where it goes, for a move. */
  readonly target?: Place;
  /** The new content of the file at `place`. */
  readonly content?: Uint8Array;
  /** Bytes of what stands there. */
  readonly bytes: number;
  /** How what stands there is kept: as a copy, or itself because it goes away. */
  readonly keep: "copy" | "itself" | "nothing";
  readonly undoes?: string;
}

/** The change as it is written down, before it is made. */
export async function toChange(
  planned: PlannedChange,
  id: string,
  now: number,
): Promise<FileChange> {
  const { operation, place, target, content, bytes, keep, undoes } = planned;
  return {
    id,
    at: new Date(now).toISOString(),
    operation,
    path: place.path,
    ...(target ? { to: target.path } : {}),
    kept: keep !== "nothing",
    bytes: keep === "nothing" ? 0 : bytes,
    ...(content ? { sha256: await sha256Hex(content) } : {}),
    made: missingParents(target ?? place),
    ...(undoes === undefined ? {} : { undoes }),
  };
}

/** Lines in order; a later line may say that a change is gone. Broken lines are left out. */
export function readChanges(lines: readonly (Json | undefined)[]): FileChange[] {
  const changes = new Map<string, FileChange>();
  for (const line of lines) {
    if (line === null || typeof line !== "object" || Array.isArray(line)) continue;
    const { gone } = line as JsonObject;
    if (typeof gone === "string") changes.delete(gone);
    else if (isChange(line as JsonObject)) {
      const change = line as unknown as FileChange;
      changes.set(change.id, change);
    }
  }
  return [...changes.values()];
}

/** How many of the last changes stay, so that neither their number nor their bytes are too many. */
export function countToKeep(
  changes: readonly FileChange[],
  limits: { readonly bytes: number; readonly changes: number },
): number {
  let bytes = 0;
  const tooMany = changes.toReversed().findIndex((change, index) => {
    bytes += change.bytes;
    return index > 0 && (bytes > limits.bytes || index >= limits.changes);
  });
  return tooMany < 0 ? changes.length : tooMany;
}

function isChange({ id, operation, path, made }: JsonObject): boolean {
  return typeof id === "string" && /^[a-z0-9]+$/.test(id) && typeof operation === "string" &&
    typeof path === "string" && Array.isArray(made);
}
