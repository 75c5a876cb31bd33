import type { DatabaseSync } from "node:sqlite";

/** Where a message is told, and which. */
export interface Told {
  readonly key: string;
  readonly channel: string;
  readonly conversation: string;
}

/** The highest number that was known of a conversation. */
interface KnownNumber {
  readonly conversation: string;
  readonly part: string;
}

/** Which parts of which messages were told, as their channels number them. */
export interface ToldParts {
  /** One more part of a message is being told; nobody knows whether it was, until it is settled. */
  tellsPart(message: Told): void;
  /** It surely was not. */
  notToldPart(message: Told): void;
  /** One more part of a message was told; whatever it was before, it is part of this one now. */
  toldPart(message: Told, part: string): void;
  /** Whether a part of a message may have been told, and the highest numbers known before it. */
  unclearPart(message: Told): { readonly after: readonly KnownNumber[] } | undefined;
  /** Whether something was told under this number. */
  isTold(place: Omit<Told, "key">, part: string): boolean;
  /** The parts of a message that were told, in order. */
  partsOf(key: string): readonly string[];
  /** The messages of a conversation that showed how far a turn was. */
  statusesOf(turn: string, place: Omit<Told, "key">): readonly string[];
}

/** The key of what shows how far a turn is. */
export const statusKey = (turn: string) => `status:${turn}`;

export const TOLD_PARTS = `
  CREATE TABLE IF NOT EXISTS told_parts (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    channel TEXT NOT NULL,
    conversation TEXT NOT NULL,
    part TEXT NOT NULL,
    UNIQUE (channel, conversation, part)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS told_parts_key ON told_parts (key, id);
`;

/** How the statements of a store are run. */
interface Run {
  read<T>(work: () => T): T;
  /** All of it, or nothing. */
  together<T>(work: () => T): T;
}

/** The parts in a database that has the tables of a store. `sweep` stands within a transaction. */
export function toldPartsIn(
  db: DatabaseSync,
  { read, together }: Run,
): ToldParts & { sweep(): void } {
  const sql = prepareAll(db);
  return {
    tellsPart: ({ key, channel, conversation }) =>
      together(() => {
        sql.remove.run(channel, conversation, markOf(key)); // it stands behind all that is known
        sql.put.run(key, channel, conversation, markOf(key));
      }),
    notToldPart: ({ key, channel, conversation }) =>
      together(() => void sql.remove.run(channel, conversation, markOf(key))),
    toldPart: ({ key, channel, conversation }, part) =>
      together(() => {
        sql.remove.run(channel, conversation, markOf(key));
        sql.put.run(key, channel, conversation, part);
      }),
    unclearPart: ({ key, channel, conversation }) =>
      read(() => {
        const mark = sql.mark.get(channel, conversation, markOf(key));
        if (!mark) return undefined;
        const known = sql.known.all(channel, mark["id"] ?? null);
        return {
          after: known.map((row) => ({
            ...{ conversation: String(row["conversation"]), part: String(row["part"]) },
          })),
        };
      }),
    isTold: ({ channel, conversation }, part) =>
      read(() => sql.find.get(channel, conversation, part) !== undefined),
    partsOf: (key) => read(() => sql.partsOf.all(key, markOf(key)).map(partOf)),
    statusesOf: (turn, { channel, conversation }) =>
      read(() => {
        const key = statusKey(turn);
        return sql.statuses.all(key, channel, conversation, markOf(key)).map(partOf);
      }),
    sweep: () => void sql.sweep.run(),
  };
}

/** Stands among the parts of a message while one more is being told. */
const markOf = (key: string) => `?${key}`;
const partOf = (row: Readonly<Record<string, unknown>>) => String(row["part"]);

function prepareAll(db: DatabaseSync) {
  return {
    put: db.prepare(
      `INSERT INTO told_parts (key, channel, conversation, part) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET key = excluded.key`,
    ),
    remove: db.prepare(
      "DELETE FROM told_parts WHERE channel = ? AND conversation = ? AND part = ?",
    ),
    find: db.prepare(
      "SELECT 1 FROM told_parts WHERE channel = ? AND conversation = ? AND part = ?",
    ),
    partsOf: db.prepare("SELECT part FROM told_parts WHERE key = ? AND part <> ? ORDER BY id"),
    statuses: db.prepare(
      `SELECT part FROM told_parts
       WHERE key = ? AND channel = ? AND conversation = ? AND part <> ? ORDER BY id`,
    ),
    mark: db.prepare(
      "SELECT id FROM told_parts WHERE channel = ? AND conversation = ? AND part = ?",
    ),
    known: db.prepare(
      `SELECT conversation, max(CAST(part AS INTEGER)) AS part FROM told_parts
       WHERE channel = ? AND id < ? AND part NOT LIKE '?%' GROUP BY conversation`,
    ),
    // what shows a turn has no message of its own until that turn's answer was told
    sweep: db.prepare(
      `DELETE FROM told_parts WHERE key NOT IN (SELECT key FROM outbox)
       AND key NOT IN (SELECT 'status:' || turn FROM inbox WHERE state IN ('waiting', 'parked'))
       AND key NOT IN (SELECT 'status:' || json_extract(body, '$.turn') FROM outbox
         WHERE state = 'waiting' AND json_extract(body, '$.turn') IS NOT NULL)`,
    ),
  };
}
