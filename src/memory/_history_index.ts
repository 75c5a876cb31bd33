import { DatabaseSync } from "node:sqlite";
import type { Files } from "../platform/platform.ts";
import { wordsOf } from "../text/words.ts";
import { type HistoryEntry, isHeading, parseHistoryEntries } from "./_entries.ts";

/** Where the index lives: a file of its own that may be deleted at any time. */
export interface IndexPlace {
  readonly files: Files;
  readonly name: string;
}

/** Changes with the tables below. */
const VERSION = 1;
/** Bytes before the indexed end that must be as they were for the file to count as grown. */
const WITNESS = 4096;
/** Rows looked at per word: enough to rank by, few enough to stay quick for common words. */
const ROWS_PER_WORD = 500;
const MOST_WORDS = 12;

/**
 * Finds entries of the file through the index, which is first brought up to date. A broken index
 * is made again; where none can be written, one in memory does. Call it under the file's lock.
 */
export async function searchEntries(
  files: Files,
  name: string,
  place: IndexPlace,
  query: string,
  limit: number,
): Promise<HistoryEntry[]> {
  const words = [...new Set(wordsOf(query))].slice(0, MOST_WORDS);
  if (words.length === 0 || limit < 1) return [];
  const search = async (path: string) => {
    const index = openIndex(path);
    try {
      await bringUpToDate(index, files, name);
      return findEntries(index, words, limit);
    } finally {
      index.close();
    }
  };
  const path = `${place.files.path}/${place.name}`;
  await place.files.append(place.name, ""); // the owner's before anything is in it
  return await search(path).catch(async (error) => {
    if (!isDatabaseError(error)) throw error;
    await place.files.remove(place.name);
    await place.files.remove(`${place.name}-journal`);
    return await search(path);
  }).catch((error) => {
    if (!isDatabaseError(error)) throw error;
    return search(":memory:");
  });
}

function openIndex(path: string): DatabaseSync {
  const index = new DatabaseSync(path);
  try {
    index.exec("PRAGMA synchronous = OFF");
    if (index.prepare("PRAGMA user_version").get()?.user_version !== VERSION) makeTables(index);
    return index;
  } catch (error) {
    index.close();
    throw error;
  }
}

function makeTables(index: DatabaseSync): void {
  index.exec(`
    BEGIN;
    DROP TABLE IF EXISTS covered;
    DROP TABLE IF EXISTS entry;
    DROP TABLE IF EXISTS search;
    CREATE TABLE covered (size INTEGER, modified REAL, witness BLOB);
    CREATE TABLE entry (id INTEGER PRIMARY KEY, date TEXT, text TEXT, marked INTEGER);
    CREATE VIRTUAL TABLE search USING fts5(
      words, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
    );
    PRAGMA user_version = ${VERSION};
    COMMIT;
  `);
}

interface Covered {
  readonly size: number;
  readonly modified: number;
  readonly witness: Uint8Array;
}

/** Adds what was appended since; reads the whole file when more than that has happened. */
async function bringUpToDate(index: DatabaseSync, files: Files, name: string): Promise<void> {
  const covered = index.prepare("SELECT * FROM covered").get() as Covered | undefined;
  const present = await files.stat(name);
  if (covered?.size === present?.size && covered?.modified === present?.modified) return;
  const grown = covered && await readGrowth(files, name, covered);
  const bytes = grown ?? await files.readBytes(name) ?? new Uint8Array();
  const size = (grown ? covered?.size ?? 0 : 0) + bytes.length;
  const after = await files.stat(name);
  if (!grown) makeTables(index);
  store(index, parseHistoryEntries(new TextDecoder().decode(bytes)), {
    size,
    modified: after?.size === size ? after.modified : -1,
    witness: await files.readBytes(name, Math.max(0, size - WITNESS)) ?? new Uint8Array(),
  });
}

/** The bytes behind the covered ones, if they are whole entries and the rest is as it was. */
async function readGrowth(
  files: Files,
  name: string,
  covered: Covered,
): Promise<Uint8Array | undefined> {
  const known = covered.witness.length;
  const bytes = await files.readBytes(name, covered.size - known) ?? new Uint8Array();
  const growth = bytes.subarray(known);
  const unchanged = covered.witness.every((byte, place) => byte === bytes[place]);
  const first = new TextDecoder().decode(growth).split(/\r?\n/).find((line) => line.trim() !== "");
  return unchanged && first !== undefined && isHeading(first) ? growth : undefined;
}

function store(index: DatabaseSync, entries: readonly HistoryEntry[], covered: Covered): void {
  index.exec("BEGIN");
  const entry = index.prepare("INSERT INTO entry (date, text, marked) VALUES (?, ?, ?)");
  const words = index.prepare("INSERT INTO search (rowid, words) VALUES (?, ?)");
  for (const { date, text, marked } of entries) {
    const { lastInsertRowid } = entry.run(date, text, marked ? 1 : 0);
    words.run(lastInsertRowid, wordsOf(text).join(" "));
  }
  index.exec("DELETE FROM covered");
  index.prepare("INSERT INTO covered VALUES (?, ?, ?)")
    .run(covered.size, covered.modified, covered.witness);
  index.exec("COMMIT");
}

/** Ranks by the sum of the rarities of the words found (English in all forms), then by age. */
function findEntries(
  index: DatabaseSync,
  words: readonly string[],
  limit: number,
): HistoryEntry[] {
  const newest = index.prepare(
    "SELECT rowid AS id FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?",
  );
  const rows = (match: string, most: number) =>
    newest.all(match, most).map((row) => Number(row.id));
  const total = Number(index.prepare("SELECT max(id) AS id FROM entry").get()?.id ?? 0);
  const scores = new Map<number, number>();
  const quoted = words.map((word) => `"${word}"`);
  let everything = 0;
  for (const word of quoted) {
    const found = rows(word, ROWS_PER_WORD);
    const weight = found.length === 0 ? 0 : Math.log(1 + total / found.length);
    everything += weight;
    for (const id of found) scores.set(id, (scores.get(id) ?? 0) + weight);
  }
  for (const id of rows(quoted.join(" AND "), limit)) scores.set(id, everything);
  const best = [...scores].sort(([a, one], [b, other]) => other - one || b - a).slice(0, limit);
  const get = index.prepare("SELECT date, text, marked FROM entry WHERE id = ?");
  return best.map(([id]) => {
    const row = get.get(id);
    return { date: String(row?.date), text: String(row?.text), marked: row?.marked === 1 };
  });
}

function isDatabaseError(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}
