import type { Json } from "../domain/json.ts";
import { appendJsonLine, parseJsonLines } from "../platform/json_lines.ts";
import type { Clock, Files, Random } from "../platform/platform.ts";

/** A line that left the memory, and the heading it stood under. */
export interface RemovedLine {
  readonly line: string;
  readonly heading: string;
}

/** One change of the memory, with everything needed to reverse it. */
export interface Change {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly operation: "add" | "forget" | "undo";
  /** Id of the turn that caused it, or what else did: `person`, the change that was undone. */
  readonly cause: string;
  /** Lines that came, as they stand in the file. */
  readonly added: readonly string[];
  readonly removed: readonly RemovedLine[];
}

/** The log of changes. Not locked: its owner is. */
export interface ChangeLog {
  /** Writes a change down, before it is made. */
  record(change: Omit<Change, "id" | "at">): Promise<Change>;
  /** All changes on record, oldest first. Broken lines are left out. */
  list(): Promise<readonly Change[]>;
}

const NAME = "changes.jsonl";
const DAY = 24 * 60 * 60 * 1000;
/** How long what was forgotten can still be brought back. */
const KEPT_DAYS = 90;

/** Opens `changes.jsonl` of the memory's directory. */
export function openChangeLog(files: Files, clock: Clock, random: Random): ChangeLog {
  const list = async () => parseChanges(await files.readText(NAME) ?? "");
  return {
    list,
    async record(wanted) {
      const now = clock.now();
      const change = { id: random.id(), at: new Date(now).toISOString(), ...wanted };
      await dropOld(files, now);
      await appendJsonLine(files, NAME, change as unknown as Json);
      return change;
    },
  };
}

/** Forgets for good what can no longer be undone, so that the log does not grow for ever. */
async function dropOld(files: Files, now: number): Promise<void> {
  const changes = parseChanges(await files.readText(NAME) ?? "");
  const kept = changes.filter(({ at }) => Date.parse(at) > now - KEPT_DAYS * DAY);
  if (kept.length === changes.length) return;
  await files.replace(NAME, kept.map((change) => `${JSON.stringify(change)}\n`).join(""));
}

function parseChanges(text: string): Change[] {
  const lines: readonly unknown[] = parseJsonLines(text);
  return lines.filter(isChange);
}

function isChange(value: unknown): value is Change {
  if (typeof value !== "object" || value === null) return false;
  const { id, at, added, removed } = value as Partial<Change>;
  return typeof id === "string" && typeof at === "string" && Array.isArray(added) &&
    Array.isArray(removed);
}
