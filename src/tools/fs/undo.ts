import { CodedError } from "../../domain/failure.ts";
import type { Json } from "../../domain/json.ts";
import { appendJsonLine, parseJsonLines } from "../../platform/json_lines.ts";
import type { Clock, Files, Random } from "../../platform/platform.ts";
import { isUntouched, type Place, type Workspace } from "../../platform/workspace.ts";
import { sha256Hex } from "../../text/canonical_json.ts";
import {
  countToKeep,
  type FileChange,
  type PlannedChange,
  readChanges,
  toChange,
} from "./_changes.ts";

export type { FileChange } from "./_changes.ts";

/** Makes the change; `kept` is where what stands there has to go when it is kept itself. */
type Act = (kept: string) => Promise<void>;

/** Keeps what changes replace, so that nothing overwritten is lost. */
export interface UndoLog {
  /** Keeps what the change would lose, writes it down and makes it; one change at a time. */
  around(change: PlannedChange, act: Act, signal: AbortSignal): Promise<void>;
  /** Changes that can still be undone, oldest first. */
  list(): Promise<readonly FileChange[]>;
  /** Runs while no change is made or undone by anybody else, with the means to do so. */
  alone<T>(action: (ledger: UndoLedger) => Promise<T>): Promise<T>;
}

/** The undo log in the hands of the one who changes something. */
export interface UndoLedger {
  /** Like {@linkcode UndoLog.around}. */
  make(change: PlannedChange, act: Act, signal: AbortSignal): Promise<void>;
  /** Forgets a change that has been undone, and what was kept for it. */
  drop(change: FileChange): Promise<void>;
  /** Absolute path of what a change kept. */
  keptPath(change: FileChange): string;
  /** The file that a change kept. */
  keptContent(change: FileChange): Promise<Uint8Array>;
}

/** Means of the undo log. */
export interface UndoPorts {
  /** A directory of its own, best on the disk of the workspace. */
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
  const keptPath = ({ id }: FileChange) => `${files.path}/kept/${id}`;
  const list = async () => readChanges(parseJsonLines(await files.readText(NAME) ?? ""));

  async function make(planned: PlannedChange, act: Act, signal: AbortSignal): Promise<void> {
    const change = await toChange(planned, random.id(), clock.now());
    if (!await isAsBefore(planned.place, signal)) throw changedBefore(change);
    await files.makeDirectory("kept");
    if (planned.keep === "copy") await keepCopy(planned.place, change, signal);
    await appendJsonLine(files, NAME, change as unknown as Json);
    try {
      await act(keptPath(change));
    } catch (error) {
      await settleFailed(change, planned.place);
      throw error;
    }
    await prune().catch(() => {}); // the change is made; tidying up is tried again with the next
  }

  async function keepCopy(place: Place, change: FileChange, signal: AbortSignal): Promise<void> {
    try {
      await workspace.copyOut(place, keptPath(change), signal);
    } catch (error) {
      await files.remove(`kept/${change.id}`);
      throw error;
    }
  }

  /** A change that failed leaves no line; but what was kept for it stays if it may be needed. */
  async function settleFailed(change: FileChange, place: Place): Promise<void> {
    const asBefore = await isAsBefore(place, AbortSignal.timeout(LONGEST_LOOK_MS))
      .catch(() => false);
    if (asBefore) await drop(change);
    else await appendJsonLine(files, NAME, { ...change, doubtful: true } as unknown as Json);
  }

  async function isAsBefore({ path, found }: Place, signal: AbortSignal): Promise<boolean> {
    return isUntouched(found, (await workspace.locate(path, signal)).found);
  }

  async function drop({ id }: FileChange): Promise<void> {
    await appendJsonLine(files, NAME, { gone: id });
    await files.remove(`kept/${id}`);
  }

  async function keptContent({ id, path }: FileChange): Promise<Uint8Array> {
    const bytes = await files.readBytes(`kept/${id}`);
    if (bytes) return bytes;
    throw new CodedError("file_not_found", `The earlier content of "${path}" is no longer kept.`);
  }

  /** Lets go of the oldest changes, and of what belongs to none. */
  async function prune(): Promise<void> {
    const changes = await list();
    const left = changes.slice(changes.length - countToKeep(changes, limits));
    if (left.length === changes.length) return;
    await files.replace(NAME, left.map((change) => `${JSON.stringify(change)}\n`).join(""));
    const ids = new Set(left.map(({ id }) => id));
    for (const { name } of await files.list("kept")) {
      // what cannot be removed, such as a directory of somebody else's, stays
      if (!ids.has(name)) await files.remove(`kept/${name}`).catch(() => {});
    }
  }

  const alone: UndoLog["alone"] = (action) =>
    files.locked("undo", () => action({ make, drop, keptPath, keptContent }));
  return {
    list,
    alone,
    around: (change, act, signal) => alone(() => make(change, act, signal)),
  };
}

/**
 * Undoes the last change that went through and was not an undoing itself, or the one with this id,
 * and tells which it was; `undefined` when there is none. What an undoing replaces is kept like any other content.
 * @throws {CodedError} `file_changed` when something else has changed there since; nothing is
 * undone then
 */
export async function undoLast(
  log: UndoLog,
  workspace: Workspace,
  signal: AbortSignal,
  id?: string,
): Promise<FileChange | undefined> {
  return await log.alone(async (ledger) => {
    const changes = await log.list();
    const change = changes.findLast((one) =>
      id === undefined ? one.undoes === undefined && !one.doubtful : one.id === id
    );
    if (!change) return undefined;
    await reverse(change, { ledger, workspace, signal });
    await ledger.drop(change);
    return change;
  });
}

interface Means {
  readonly ledger: UndoLedger;
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
}

async function reverse(change: FileChange, means: Means): Promise<void> {
  const { workspace, signal } = means;
  const place = await workspace.locate(change.path, signal);
  switch (change.operation) {
    case "move":
      await moveBack(change, place, means);
      break;
    case "mkdir":
      await removeEmpty(place.path, means);
      break;
    case "delete":
      if (place.found) throw changedSince(change);
      await workspace.bringIn(means.ledger.keptPath(change), place, signal);
      break;
    default:
      await restoreContent(change, place, means);
  }
  for (const path of change.made.toReversed()) await removeEmpty(path, means);
}

async function moveBack(change: FileChange, place: Place, means: Means): Promise<void> {
  const { workspace, signal } = means;
  const moved = await workspace.locate(change.to ?? "", signal);
  if (place.found || !moved.found) throw changedSince(change);
  await workspace.move(moved, place, signal);
}

/** A directory that was made goes, unless something came into it. */
async function removeEmpty(path: string, { workspace, signal }: Means): Promise<void> {
  const place = await workspace.locate(path, signal);
  if (place.found?.kind !== "directory") return;
  if ((await workspace.list(place, 1, signal)).length > 0) return;
  await workspace.removeDirectory(place, signal);
}

async function restoreContent(change: FileChange, place: Place, means: Means): Promise<void> {
  const { ledger, workspace, signal } = means;
  const kept = ledger.keptPath(change);
  if (!place.found) {
    if (change.kept) await workspace.bringIn(kept, place, signal);
    return; // moved away by the person, or gone already
  }
  const now = await currentContent(change, place, means);
  const planned = { place, bytes: now.length, undoes: change.id };
  if (!change.kept) {
    const act = (path: string) => workspace.takeOut(place, path, signal);
    return await ledger.make({ ...planned, operation: "delete", keep: "itself" }, act, signal);
  }
  const before = await ledger.keptContent(change);
  const act = () => workspace.replace(place, before, signal);
  const write = { ...planned, operation: "write", keep: "copy" as const, content: before };
  await ledger.make(write, act, signal);
}

/** What the change left behind, if that is what still stands there. */
async function currentContent(
  change: FileChange,
  place: Place,
  { workspace, signal }: Means,
): Promise<Uint8Array> {
  if (place.found?.kind !== "file") throw changedSince(change);
  const bytes = await workspace.read(place, place.found.size + 1, signal);
  if (await sha256Hex(bytes) !== change.sha256) throw changedSince(change);
  return bytes;
}

function changedBefore({ operation, path }: FileChange): CodedError {
  return new CodedError(
    "file_changed",
    `The ${operation} of "${path}" was not done: something has changed there since it was looked at.`,
    "Look at it again, then repeat the call.",
  );
}

function changedSince({ operation, path }: FileChange): CodedError {
  return new CodedError(
    "file_changed",
    `The ${operation} of "${path}" cannot be undone: something has changed there since.`,
    "Move away what stands there now, then undo again.",
  );
}
