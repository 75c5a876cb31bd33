import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { ClamId } from "../domain/clam.ts";

/** What the index keeps of one clam. */
export interface Entry {
  readonly id: ClamId;
  /** Lower-case name, for finding it by name. */
  readonly name: string;
  /** What its directory looked like when it was read. */
  readonly stamp: string;
  /** The only one in which it may be offered; empty when it may be in all. */
  readonly conversation: string;
  /** Normalised requests. */
  readonly requests: readonly string[];
  readonly templates: readonly IndexedTemplate[];
  /** Words by which the clam is found among many; empty when it must not be offered. */
  readonly words: readonly string[];
}

/** A template and the pieces of text by which it can be found. */
export interface IndexedTemplate {
  readonly text: string;
  /** Every request that fits holds all of these. */
  readonly anchors: readonly string[];
}

/** The index itself: derived, so that it may be lost at any time. */
export interface Tables {
  get(key: "stamp" | "starters"): string | undefined;
  set(key: "stamp" | "starters", value: string): void;
  put(entry: Entry): void;
  drop(id: ClamId): void;
  /** Ids and stamps of everything that is indexed. */
  stamps(): ReadonlyMap<ClamId, string>;
  byRequest(key: string): readonly ClamId[];
  /** Texts of the templates that stand under one of these anchors. */
  templatesUnder(anchors: Iterable<string>): readonly string[];
  byTemplate(text: string, limit: number): readonly ClamId[];
  byName(name: string): readonly ClamId[];
  byPrefix(prefix: string, limit: number): readonly ClamId[];
  /** The clams that share most with these words, best first; those of other conversations not. */
  byWords(words: readonly string[], conversation: string, limit: number): readonly ClamId[];
  /** Any clams that may be offered in this conversation, newest first. */
  some(conversation: string, limit: number): readonly ClamId[];
  /** Does everything or nothing. */
  together(action: () => void): void;
  close(): void;
}

/** Raised with the tables: an index of another number is thrown away. */
const FORMAT = 2;

/** More templates than this under one anchor are not looked through. */
const MOST_UNDER_ANCHOR = 300;

const SCHEMA = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE clam (number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, name TEXT NOT NULL,
    stamp TEXT NOT NULL, conversation TEXT NOT NULL, offered INTEGER NOT NULL);
  CREATE INDEX clam_name ON clam (name);
  CREATE TABLE request (key TEXT NOT NULL, id TEXT NOT NULL);
  CREATE INDEX request_key ON request (key);
  CREATE INDEX request_id ON request (id);
  CREATE TABLE shape (text TEXT PRIMARY KEY, anchor TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX shape_anchor ON shape (anchor);
  CREATE TABLE template (text TEXT NOT NULL, id TEXT NOT NULL);
  CREATE INDEX template_text ON template (text);
  CREATE INDEX template_id ON template (id);
  CREATE VIRTUAL TABLE search USING fts5 (words, tokenize = 'porter unicode61 remove_diacritics 0');
  PRAGMA user_version = ${FORMAT};
`;

/**
 * Opens the index file, or one in memory with `:memory:`.
 * @throws {Error} when the file is no index of this format
 */
export function openTables(path: string): Tables {
  const database = new DatabaseSync(path);
  try {
    prepareDatabase(database);
  } catch (error) {
    database.close();
    throw error;
  }
  const statements = new Map<string, StatementSync>();
  const sql = (text: string): StatementSync => {
    const known = statements.get(text) ?? database.prepare(text);
    statements.set(text, known);
    return known;
  };
  const ids = (text: string, ...values: (string | number)[]): ClamId[] =>
    sql(text).all(...values).map((row) => row.id as ClamId);
  const tables: Tables = {
    get: (key) => sql("SELECT value FROM meta WHERE key = ?").get(key)?.value as string | undefined,
    set: (key, value) => {
      sql("INSERT OR REPLACE INTO meta VALUES (?, ?)").run(key, value);
    },
    put: (entry) =>
      tables.together(() => {
        tables.drop(entry.id);
        insert(sql, entry);
      }),
    drop: (id) => remove(sql, id),
    stamps: () =>
      new Map(
        sql("SELECT id, stamp FROM clam").all().map((row) => [row.id as ClamId, `${row.stamp}`]),
      ),
    byRequest: (key) => ids("SELECT DISTINCT id FROM request WHERE key = ? LIMIT 50", key),
    templatesUnder: (anchors) =>
      [...anchors].flatMap((anchor) =>
        sql("SELECT text FROM shape WHERE anchor = ? LIMIT ?").all(anchor, MOST_UNDER_ANCHOR)
          .map((row) => row.text as string)
      ),
    byTemplate: (text, limit) =>
      ids("SELECT DISTINCT id FROM template WHERE text = ? LIMIT ?", text, limit),
    byName: (name) => ids("SELECT id FROM clam WHERE name = ? LIMIT 2", name),
    byPrefix: (prefix, limit) =>
      ids("SELECT id FROM clam WHERE id >= ? AND id < ? LIMIT ?", prefix, `${prefix}~`, limit),
    byWords: (words, conversation, limit) =>
      words.length === 0 ? [] : ids(
        "SELECT clam.id FROM search JOIN clam ON clam.number = search.rowid " +
          "WHERE search MATCH ? AND clam.conversation IN ('', ?) ORDER BY bm25(search), clam.number DESC LIMIT ?",
        words.map((word) => `"${word.replaceAll('"', '""')}"`).join(" OR "),
        conversation,
        limit,
      ),
    some: (conversation, limit) =>
      ids(
        "SELECT id FROM clam WHERE offered = 1 AND conversation IN ('', ?) " +
          "ORDER BY number DESC LIMIT ?",
        conversation,
        limit,
      ),
    together: (action) => inTransaction(database, action),
    close: () => database.close(),
  };
  return tables;
}

function prepareDatabase(database: DatabaseSync): void {
  database.exec(
    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
  );
  const format = database.prepare("PRAGMA user_version").get()?.user_version;
  if (format === FORMAT) return;
  if (format !== 0) throw new Error(`The index has the format ${format}, not ${FORMAT}`);
  inTransaction(database, () => {
    // Another process may have been faster.
    if (database.prepare("PRAGMA user_version").get()?.user_version === 0) database.exec(SCHEMA);
  });
}

function inTransaction(database: DatabaseSync, action: () => void): void {
  if (database.isTransaction) return action();
  database.exec("BEGIN IMMEDIATE");
  try {
    action();
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

type Sql = (text: string) => StatementSync;

function insert(sql: Sql, entry: Entry): void {
  const { id, name, stamp, conversation } = entry;
  const offered = entry.words.length > 0 ? 1 : 0;
  const added = sql(
    "INSERT INTO clam (id, name, stamp, conversation, offered) VALUES (?, ?, ?, ?, ?)",
  )
    .run(id, name, stamp, conversation, offered);
  for (const key of entry.requests) sql("INSERT INTO request VALUES (?, ?)").run(key, id);
  for (const template of entry.templates) {
    sql("INSERT INTO template VALUES (?, ?)").run(template.text, id);
    sql("INSERT OR IGNORE INTO shape VALUES (?, ?)").run(template.text, rarest(sql, template));
  }
  if (offered) {
    sql("INSERT INTO search (rowid, words) VALUES (?, ?)")
      .run(added.lastInsertRowid, entry.words.join(" "));
  }
}

/** The anchor under which the fewest templates stand, so that no list of them grows long. */
function rarest(sql: Sql, { anchors }: IndexedTemplate): string {
  let best = "";
  let fewest = Infinity;
  for (const anchor of anchors) {
    const count = Number(
      sql("SELECT count(*) AS n FROM (SELECT 1 FROM shape WHERE anchor = ? LIMIT 1000)")
        .get(anchor)?.n,
    );
    if (count < fewest) [best, fewest] = [anchor, count];
  }
  return best;
}

function remove(sql: Sql, id: ClamId): void {
  const row = sql("SELECT number FROM clam WHERE id = ?").get(id);
  if (!row) return;
  const texts = sql("SELECT text FROM template WHERE id = ?").all(id);
  sql("DELETE FROM template WHERE id = ?").run(id);
  for (const { text } of texts) {
    sql("DELETE FROM shape WHERE text = ?1 AND NOT EXISTS (SELECT 1 FROM template WHERE text = ?1)")
      .run(text as string);
  }
  sql("DELETE FROM request WHERE id = ?").run(id);
  sql("DELETE FROM search WHERE rowid = ?").run(row.number as number);
  sql("DELETE FROM clam WHERE id = ?").run(id);
}
