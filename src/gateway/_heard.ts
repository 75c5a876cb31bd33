import type { DatabaseSync } from "node:sqlite";
import type { IncomingUpdate } from "../channels/channel.ts";

/** What is said, by whom and where. */
interface Said extends Pick<IncomingUpdate, "channel" | "conversation" | "person"> {
  readonly turn: string;
}

const TABLE = `
  CREATE TABLE IF NOT EXISTS heard (
    turn TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    conversation TEXT NOT NULL,
    person TEXT NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    taken_by TEXT
  ) STRICT;
`;

/** What was heard in voice notes and waits for a yes. Each call is a part of a transaction. */
export interface HeardNotes {
  /** In place of what was heard before of the same person there: only what is last can be meant. */
  keep(update: Said, now: number): void;
  /** What a yes is said to, as JSON; the same for the same one. */
  take(by: Said, since: number): string | undefined;
  /** What a turn took is dealt with. */
  drop(turn: string): void;
  sweep(before: number): void;
}

/** Keeps it in a database. */
export function heardIn(db: DatabaseSync): HeardNotes {
  db.exec(TABLE);
  const dropOlder = db.prepare(
    "DELETE FROM heard WHERE channel = ? AND conversation = ? AND person = ? AND taken_by IS NULL",
  );
  const keep = db.prepare(
    `INSERT INTO heard (turn, channel, conversation, person, body, at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const take = db.prepare(
    `UPDATE heard SET taken_by = ?1 WHERE channel = ?2 AND conversation = ?3 AND person = ?4
     AND at >= ?5 AND taken_by IS NULL
     AND NOT EXISTS (SELECT 1 FROM heard WHERE taken_by = ?1)`,
  );
  const takenBy = db.prepare("SELECT body FROM heard WHERE taken_by = ?");
  const drop = db.prepare("DELETE FROM heard WHERE taken_by = ?");
  const sweep = db.prepare("DELETE FROM heard WHERE at < ?");
  return {
    keep(update, now) {
      const { turn, channel, conversation, person } = update;
      dropOlder.run(channel, conversation, person.id);
      keep.run(turn, channel, conversation, person.id, JSON.stringify(update), now);
    },
    take({ turn, channel, conversation, person }, since) {
      take.run(turn, channel, conversation, person.id, since);
      const row = takenBy.get(turn);
      return row && String(row["body"]);
    },
    drop: (turn) => void drop.run(turn),
    sweep: (before) => void sweep.run(before),
  };
}
