import { parseJsonLines, readEnd } from "../platform/json_lines.ts";
import type { Files } from "../platform/platform.ts";
import { type AuditEntry, GENESIS, isEntry } from "./entry.ts";

/** Where the chain goes on. */
export interface ChainEnd {
  /** The newest file; `undefined` when there is none. */
  readonly file: string | undefined;
  readonly seq: number;
  readonly hash: string;
  /** What a killed process left behind the last whole line of `file`. Mostly empty. */
  readonly torn: Uint8Array;
  /** The last line is whole but for its line feed. */
  readonly unended: boolean;
}

/** Names of the log's files, oldest first. */
export async function listMonths(files: Files): Promise<readonly string[]> {
  const entries = await files.list();
  return entries.map(({ name }) => name).filter((name) => /^\d{4}-\d{2}\.jsonl$/.test(name));
}

/** Finds the last line of the log, reading no more of it than needed. */
export async function findEnd(files: Files): Promise<ChainEnd> {
  const [file, ...older] = (await listMonths(files)).toReversed();
  const nothing = { seq: 0, hash: GENESIS, torn: new Uint8Array(), unended: false };
  if (file === undefined) return { file, ...nothing };
  const newest = await findLast(files, file);
  const { behind: torn, unended } = newest;
  if (newest.entry) return { file, ...pick(newest.entry), torn, unended };
  for (const name of older) {
    const { entry } = await findLast(files, name);
    if (entry) return { file, ...pick(entry), torn, unended };
  }
  return { file, ...nothing, torn };
}

function pick({ seq, hash }: AuditEntry) {
  return { seq, hash };
}

interface LastEntry {
  readonly entry?: AuditEntry;
  readonly behind: Uint8Array;
  readonly unended: boolean;
}

async function findLast(files: Files, name: string): Promise<LastEntry> {
  for (let span = 16_384;; span *= 8) {
    const bytes = await readEnd(files, name, span);
    const found = lastOf(bytes);
    if (found.entry || bytes.length < span) return found;
  }
}

const LINE_FEED = 0x0a;

function lastOf(bytes: Uint8Array): LastEntry {
  for (let end = bytes.length; end > 0;) {
    const start = bytes.lastIndexOf(LINE_FEED, end - 1) + 1;
    const [entry] = parseJsonLines(new TextDecoder().decode(bytes.subarray(start, end)));
    if (isEntry(entry)) {
      return { entry, behind: bytes.subarray(end + 1), unended: end === bytes.length };
    }
    end = start - 1;
  }
  return { behind: bytes, unended: false };
}
