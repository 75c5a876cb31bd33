import { CodedError } from "../../domain/failure.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { appendJsonLine, parseJsonLines } from "../../platform/json_lines.ts";
import type { Clock, Files, Random } from "../../platform/platform.ts";
import type { Place, Workspace } from "../../platform/workspace.ts";
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
  /** Something stood there before; its content is in `kept/<id>`. */
  readonly kept: boolean;
  /** Bytes of what is kept. */
  readonly bytes: number;
  /** Lower-case hex SHA-256 of the content that the change left behind; absent when it left none. */
  readonly sha256?: string;
}

/** A change that is about to be made. */
export interface PlannedChange {
  readonly operation: string;
  readonly place: Place;
  readonly to?: string;
  /** The new content of the file at `place`. */
  readonly content?: Uint8Array;
  /** Bytes that go with what stands there. */
  readonly bytes: number;
  /** How what stands there is kept: as a copy, or itself because it goes away. */
  readonly keep: "copy" | "itself" | "nothing";
}

/** Keeps what changes replace, so that nothing overwritten is lost. */
export interface UndoLog {
  /**
   * Keeps what the change would lose, writes it down and makes it. `act` gets the path where it
   * has to put what stands there when that is to be kept itself.
   */
  around(change: PlannedChange, act: (kept: string) => Promise<void>, signal: AbortSignal): Promise<
    void
  >;
  /** Changes that can still be undone, oldest first. */
  list(): Promise<readonly FileChange[]>;
  /** Forgets a change that has been undone, and what was kept for it. */
  drop(change: FileChange): Promise<void>;
  /** Absolute path of what a change kept. */
  keptPath(change: { readonly id: string }): string;
  /** Runs while no change is made or undone by anybody else. */
  alone<T>(action: () => Promise<T>): Promise<T>;
}

/** Means of the undo log. */
export interface UndoPorts {
  /** A directory of its own on the disk of the workspace. */
  readonly files: Files;
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly random: Random;
  /** How much is kept; the last change always is. */
  readonly limits?: { readonly bytes: number; readonly changes: number };
}

const NAME = "changes.jsonl";
const LONGEST_LOOK_MS = 5_000;
const LIMITS = { bytes: 256 * 1024 * 1024, changes: 500 };

/** Opens `changes.jsonl` and `kept/` of the undo directory. */
export function openUndoLog(ports: UndoPorts): UndoLog {
  const { files, workspace, clock, random, limits = LIMITS } = ports;
  const keptPath = ({ id }: { readonly id: string }) => `${files.path}/kept/${id}`;
  const alone = <T>(action: () => Promise<T>) => files.locked("undo", action);

  async function list(): Promise<FileChange[]> {
    return readChanges(parseJsonLines(await files.readText(NAME) ?? ""));
  }

  async function drop(change: { readonly id: string }): Promise<void> {
    await appendJsonLine(files, NAME, { gone: change.id });
    await files.remove(`kept/${change.id}`);
  }

  /** Lets go of the oldest changes, and of the lines about changes that are gone. */
  async function prune(): Promise<void> {
    const changes = await list();
    let [bytes, first] = [0, changes.length];
    while (first > 0) {
      bytes += changes[first - 1]?.bytes ?? 0;
      const last = first === changes.length;
      if (!last && (bytes > limits.bytes || changes.length - first >= limits.changes)) break;
      first--;
    }
    if (first === 0) return;
    const left = changes.slice(first);
    await files.replace(NAME, left.map((change) => `${JSON.stringify(change)}\n`).join(""));
    for (const change of changes.slice(0, first)) await files.remove(`kept/${change.id}`);
  }

  /** Whether all is as before; if that cannot be told, what was kept stays. */
  async function isUntouched({ path, found: before }: Place): Promise<boolean> {
    try {
      const { found: now } = await workspace.locate(path, AbortSignal.timeout(LONGEST_LOOK_MS));
      return now?.ino === before?.ino && now?.dev === before?.dev && now?.size === before?.size &&
        now?.modified === before?.modified;
    } catch {
      return false;
    }
  }

  return {
    list,
    keptPath,
    alone,
    drop,
    around: (planned, act, signal) =>
      alone(async () => {
        const change = await describe(planned, random.id(), clock.now());
        await files.makeDirectory("kept");
        if (planned.keep === "copy") {
          await workspace.copyOut(planned.place, keptPath(change), signal);
        }
        await appendJsonLine(files, NAME, change as unknown as Json);
        try {
          await act(keptPath(change));
        } catch (error) {
          if (await isUntouched(planned.place)) await drop(change);
          throw error;
        }
        await prune();
      }),
  };
}

/**
 * Undoes the last change that can be undone, and tells which it was; `undefined` when there is
 * none. What the change left behind must still be there as it was left.
 * @throws {CodedError} `file_changed` when something else has changed it since; nothing is undone
 */
export async function undoLast(
  log: UndoLog,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<FileChange | undefined> {
  return await log.alone(async () => {
    const change = (await log.list()).at(-1);
    if (!change) return undefined;
    await reverse(change, log, workspace, signal);
    await log.drop(change);
    return change;
  });
}

async function reverse(
  change: FileChange,
  log: UndoLog,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<void> {
  const kept = log.keptPath(change);
  const place = await workspace.locate(change.path, signal);
  switch (change.operation) {
    case "move": {
      const moved = await workspace.locate(change.to ?? "", signal);
      if (place.found || !moved.found) throw changedSince(change);
      return await workspace.move(moved, place, signal);
    }
    case "mkdir":
      if (place.found?.kind !== "directory") throw changedSince(change);
      if ((await workspace.list(place, 1, signal)).length > 0) throw changedSince(change);
      return await workspace.takeOut(place, `${kept}.undone`, signal);
    case "delete":
      if (place.found) throw changedSince(change);
      return await workspace.bringIn(kept, place, signal);
    default:
      await expectContent(place, change, workspace, signal);
      if (!change.kept) return await workspace.takeOut(place, `${kept}.undone`, signal);
      return await workspace.replaceWith(kept, place, signal);
  }
}

async function expectContent(
  place: Place,
  change: FileChange,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<void> {
  if (place.found?.kind !== "file") throw changedSince(change);
  const bytes = await workspace.read(place, place.found.size, signal);
  if (await sha256Hex(bytes) !== change.sha256) throw changedSince(change);
}

function changedSince({ operation, path }: FileChange): CodedError {
  return new CodedError(
    "file_changed",
    `The ${operation} of "${path}" cannot be undone: something has changed there since.`,
    "Move away what stands there now, then undo again.",
  );
}

async function describe(planned: PlannedChange, id: string, now: number): Promise<FileChange> {
  const { operation, place, to, content, bytes, keep } = planned;
  return {
    id,
    at: new Date(now).toISOString(),
    operation,
    path: place.path,
    ...(to === undefined ? {} : { to }),
    kept: keep !== "nothing",
    bytes,
    ...(content === undefined ? {} : { sha256: await sha256Hex(content) }),
  };
}

/** Lines in order; a later line may say that a change is gone. */
function readChanges(lines: readonly (Json | undefined)[]): FileChange[] {
  const changes = new Map<string, FileChange>();
  for (const line of lines) {
    if (line === null || typeof line !== "object" || Array.isArray(line)) continue;
    const { id, gone, path, operation } = line as JsonObject;
    if (typeof gone === "string") changes.delete(gone);
    if (typeof id !== "string" || !/^[a-z0-9]+$/.test(id)) continue;
    if (typeof path === "string" && typeof operation === "string") {
      changes.set(id, line as unknown as FileChange);
    }
  }
  return [...changes.values()];
}
