import type { Redacted } from "../domain/redacted.ts";
import { readEnd } from "../platform/json_lines.ts";
import type { Clock, Files } from "../platform/platform.ts";
import {
  formatDate,
  formatHistoryEntry,
  type HistoryEntry,
  isHeading,
  parseHistoryEntries,
} from "./_entries.ts";
import { type IndexPlace, searchEntries } from "./_history_index.ts";

export type { HistoryEntry, IndexPlace };

/** Summaries of ended and shortened conversations: HISTORY.md, which only grows. */
export interface History {
  /** Adds an entry with the present date and time, or those of `at` (milliseconds since 1970). */
  append(
    text: Redacted,
    options?: { readonly marked?: boolean; readonly at?: number },
  ): Promise<HistoryEntry>;
  /** The newest entries, newest first. */
  newest(limit: number): Promise<readonly HistoryEntry[]>;
  /** Entries with words of the query: most and rarest words first, newest first among equals. */
  search(query: string, limit: number): Promise<readonly HistoryEntry[]>;
}

const LINE_FEED = 0x0a;
const NAME = "HISTORY.md";
/** An entry on its way into the file, with the size that the file had before. */
const PENDING = "history-pending.json";

/**
 * Opens the history in the memory's directory. The index for searching is derived from the file:
 * it follows every change of it, and is made again when it is missing or broken.
 */
export function openHistory(files: Files, index: IndexPlace, clock: Clock): History {
  const locked = <T>(action: () => Promise<T>) => files.locked("history", action);

  /** Finishes what a crash interrupted: the rest of a half-written entry is added. */
  async function settle(): Promise<void> {
    const pending = await files.readText(PENDING);
    if (pending === undefined) return;
    const { size, text } = JSON.parse(pending) as { size: number; text: string };
    const present = await files.readBytes(NAME, size) ?? new Uint8Array();
    const wanted = new TextEncoder().encode(text);
    const written = commonLength(present, wanted);
    if (written === present.length) {
      await files.append(NAME, wanted.subarray(written));
    } else if (written < wanted.length) {
      await files.append(NAME, text); // the file was edited meanwhile
    }
    await files.remove(PENDING);
  }

  /** From the end of the file backwards, as far as is needed. */
  async function newest(limit: number): Promise<HistoryEntry[]> {
    const size = (await files.stat(NAME))?.size ?? 0;
    for (let span = 65_536;; span *= 8) {
      const from = Math.max(0, size - span);
      const text = new TextDecoder().decode(await files.readBytes(NAME, from));
      const entries = parseHistoryEntries(from === 0 ? text : fromFirstHeading(text));
      if (from === 0 || entries.length >= limit) return entries.toReversed().slice(0, limit);
    }
  }

  return {
    append: (text, { marked = false, at = clock.now() } = {}) =>
      locked(async () => {
        await settle();
        const entry = { date: formatDate(at, clock.zone()), text: text.trim(), marked };
        const size = (await files.stat(NAME))?.size ?? 0;
        const last = (await readEnd(files, NAME, 1))[0] ?? LINE_FEED;
        const gap = last === LINE_FEED ? "" : "\n";
        const added = gap + formatHistoryEntry(entry);
        await files.replace(PENDING, JSON.stringify({ size, text: added }));
        await files.append(NAME, added);
        await files.remove(PENDING);
        return entry;
      }),
    async newest(limit) {
      if (await files.stat(PENDING)) await locked(settle);
      return await newest(limit);
    },
    async search(query, limit) {
      if (await files.stat(NAME) === undefined) return [];
      return await locked(async () => {
        await settle();
        return await searchEntries(files, NAME, index, query, limit);
      });
    },
  };
}

/** Text that begins in the middle of an entry, from the next entry on. */
function fromFirstHeading(text: string): string {
  const lines = text.split("\n");
  const first = lines.findIndex((line, index) => index > 0 && isHeading(line.trimEnd()));
  return first === -1 ? "" : lines.slice(first).join("\n");
}

function commonLength(a: Uint8Array, b: Uint8Array): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
