import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { IncomingUpdate, OutgoingMessage } from "../channels/channel.ts";
import { type Database, openDatabase } from "../platform/database.ts";
import { heardIn, type HeardNotes } from "./_heard.ts";
import { newTurnsIn } from "./_new_turns.ts";
import { TOLD_PARTS, type ToldParts, toldPartsIn } from "./_told_parts.ts";

/** An update that is on disk. */
export interface KeptUpdate extends IncomingUpdate {
  /** The turn that answers it; the same after every restart. */
  readonly turn: string;
  /** It was put together of several, and is whole. */
  readonly joined?: true;
  /** What its voice note says, as far as that is known. */
  readonly heard?: string;
}

/** A message that waits to be told. */
export interface KeptMessage extends Omit<OutgoingMessage, "text"> {
  readonly text: string;
  readonly channel: string;
  readonly tries: number;
  /** Milliseconds since 1970. */
  readonly nextAt: number;
}

/** An update that nobody could deal with, or a message that could not be told. */
export interface DeadLetter {
  readonly channel: string;
  /** The update as its channel numbers it, or the key of the message. */
  readonly update: string;
  readonly conversation: string;
  readonly reason: string;
  readonly at: number;
}

/** How many there are of what. */
export interface StoreCounts {
  readonly waiting: number;
  /** Their turns wait for an answer of a person. */
  readonly parked: number;
  readonly unsent: number;
  readonly dead: number;
}

/**
 * What was heard and what is to be told, on disk: nothing that was accepted is lost, and nothing is
 * answered twice. Every call is one transaction.
 */
export interface GatewayStore extends ToldParts {
  /** Keeps what is new. @returns the new ones, in order */
  accept(updates: readonly KeptUpdate[], now: number): readonly KeptUpdate[];
  /** The update is dealt with, but for a yes to what was heard in it. */
  keepHeard(update: KeptUpdate, told: readonly ToTell[], now: number): void;
  /**
   * What was heard last of the person who says yes, there and since then; the same for the same yes,
   * and for no other one.
   */
  takeHeard(by: KeptUpdate, since: number): KeptUpdate | undefined;
  /** What an update is together with those that go on with it, which are dealt with by that. */
  join(update: KeptUpdate, others: readonly string[]): void;
  /**
   * Whether the turn of an update that was just kept cannot have been begun, here or before a store was
   * lost. It is asked once: then it is begun.
   */
  takeNew(turn: string): boolean;
  /** Updates that have no answer yet, oldest first. */
  unanswered(): readonly KeptUpdate[];
  /** Whether the answer of a turn waits for a person, and who asked. */
  findParked(turn: string): KeptUpdate | undefined;
  /** Updates whose turns wait for a person. */
  parked(): readonly KeptUpdate[];
  /** The turn waits for a person; its question is to be told. */
  park(turn: string, told: readonly ToTell[], now: number): void;
  /** The update is dealt with; its answer is to be told. */
  finish(turn: string, told: readonly ToTell[], now: number): void;
  /** Nobody could deal with the update. */
  bury(turn: string, reason: string, told: readonly ToTell[], now: number): void;
  /** Something that answers nobody is to be told. */
  tell(told: readonly ToTell[], now: number): void;
  /** What was told last of a turn is to be told once more, if there is something. */
  tellAgain(turn: string): void;
  /** Messages that are to be told, oldest first. */
  unsent(): readonly KeptMessage[];
  delivered(key: string): void;
  /** Questions with buttons or a reply that counts, whose end was not told yet. */
  openPrompts(): readonly KeptMessage[];
  /** The message that was told by this part. */
  findTold(channel: string, conversation: string, part: string): KeptMessage | undefined;
  /** It was not taken: to be tried again then, or given up (`undefined`). */
  failed(key: string, nextAt: number | undefined): void;
  counts(): StoreCounts;
  deadLetters(): readonly DeadLetter[];
  /** Leaves nothing on disk of the texts that were dealt with. */
  erase(): void;
  /** Takes away what was dealt with before then. */
  sweep(before: number): void;
  close(): void;
}

/** A message, and the channel that is to tell it. */
export interface ToTell {
  readonly channel: string;
  readonly message: OutgoingMessage;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS inbox (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    update_id TEXT NOT NULL,
    turn TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL,
    body TEXT NOT NULL,
    received INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'parked', 'done', 'dead')),
    reason TEXT NOT NULL DEFAULT '',
    UNIQUE (channel, update_id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS inbox_state ON inbox (state, id);
  CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    body TEXT NOT NULL,
    created INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead'))
  ) STRICT;
  CREATE INDEX IF NOT EXISTS outbox_state ON outbox (state, id);
`;

/**
 * Opens the gateway's database at an absolute path. One process has it open: the gateway, or a command
 * that holds its lock.
 * @throws {CodedError} `file_failed` when what stands there is no such store; it is left as it is
 */
export function openGatewayDatabase(path: string): Database {
  return openDatabase(path, {
    what: "store of the gateway",
    loss: "what waits in it is then not answered, and its jobs are gone.",
  });
}

/**
 * Opens the store in the gateway's database, which is closed with it.
 * @throws {CodedError} `file_failed`
 */
export function openGatewayStore(database: Database): GatewayStore {
  try {
    database.at(() => {
      database.db.exec(TABLES);
      database.db.exec(TOLD_PARTS);
    });
    return storeOver(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

function storeOver(database: Database): GatewayStore {
  const { db, at, together } = database;
  const sql = at(() => prepareAll(db));
  const put = (told: readonly ToTell[], now: number) => {
    for (const { channel, message } of told) {
      sql.tell.run(message.key, channel, JSON.stringify(message), now);
    }
  };
  const parts = at(() => toldPartsIn(db, { read: at, together }));
  const heard = at(() => heardIn(db));
  const fresh = at(() => newTurnsIn(db));
  const settle = (state: "parked" | "done" | "dead", reason: string, turn: string) => {
    sql.settle.run(state, reason, turn);
    fresh.take(turn);
  };
  const listed = (state: string) => sql.inState.all(state).map(updateOf);
  return {
    ...parts,
    ...ofSeveralSayings(sql, heard, { together, settle, put }),
    accept: (updates, now) =>
      together(() =>
        updates.filter((one) => {
          const { channel, update, turn, conversation } = one;
          const body = JSON.stringify(one);
          const { changes } = sql.accept.run(channel, update, turn, conversation, body, now);
          if (changes === 1) fresh.add(one, now);
          return changes === 1;
        })
      ),
    takeNew: fresh.take,
    unanswered: () => at(() => listed("waiting")),
    findParked: (turn) =>
      at(() => {
        const row = sql.parked.get(turn);
        return row && updateOf(row);
      }),
    parked: () => at(() => listed("parked")),
    park: (turn, told, now) =>
      together(() => {
        settle("parked", "", turn);
        put(told, now);
      }),
    finish: (turn, told, now) =>
      together(() => {
        settle("done", "", turn);
        heard.drop(turn);
        put(told, now);
      }),
    bury: (turn, reason, told, now) =>
      together(() => {
        settle("dead", `${new Date(now).toISOString()} ${reason}`, turn);
        put(told, now);
      }),
    tell: (told, now) => together(() => put(told, now)),
    tellAgain: (turn) => together(() => void sql.tellAgain.run(turn)),
    unsent: () => at(() => sql.unsent.all().map(messageOf)),
    delivered: (key) => together(() => void sql.sent.run("delivered", key)),
    openPrompts: () => at(() => sql.openPrompts.all().map(messageOf)),
    findTold: (...place) => at(() => sql.findTold.all(...place).map(messageOf)[0]),
    failed: (key, nextAt) =>
      together(() => {
        if (nextAt === undefined) sql.sent.run("dead", key);
        else sql.again.run(nextAt, key);
      }),
    counts: () => at(() => countsOf(sql)),
    deadLetters: () => at(() => [...sql.dead.all().map(deadOf), ...sql.untold.all().map(untoldOf)]),
    erase: () => at(() => db.exec("PRAGMA wal_checkpoint(TRUNCATE)")),
    sweep: (before) =>
      together(() => {
        sql.sweepInbox.run(before);
        heard.sweep(before);
        sql.sweepOutbox.run(before);
        parts.sweep();
      }),
    close: () => database.close(),
  };
}

/** What one saying is together with others: parts of a request, and the yes to what was heard. */
function ofSeveralSayings(
  sql: Pick<ReturnType<typeof prepareAll>, "join">,
  heard: HeardNotes,
  { together, settle, put }: {
    readonly together: <T>(work: () => T) => T;
    readonly settle: (state: "done", reason: string, turn: string) => void;
    readonly put: (told: readonly ToTell[], now: number) => void;
  },
): Pick<GatewayStore, "keepHeard" | "takeHeard" | "join"> {
  return {
    keepHeard: (update, told, now) =>
      together(() => {
        heard.keep(update, now);
        settle("done", "", update.turn);
        put(told, now);
      }),
    takeHeard: (by, since) =>
      together(() => {
        const body = heard.take(by, since);
        return body === undefined ? undefined : updateOf({ body });
      }),
    join: (update, others) =>
      together(() => {
        sql.join.run(JSON.stringify(update), update.turn);
        for (const turn of others) settle("done", "", turn);
      }),
  };
}

function prepareAll(db: DatabaseSync) {
  const prepare = (text: string): StatementSync => db.prepare(text);
  return {
    accept: prepare(
      `INSERT INTO inbox (channel, update_id, turn, conversation, body, received, state)
       VALUES (?, ?, ?, ?, ?, ?, 'waiting') ON CONFLICT DO NOTHING`,
    ),
    inState: prepare("SELECT body, turn FROM inbox WHERE state = ? ORDER BY id"),
    parked: prepare("SELECT body, turn FROM inbox WHERE state = 'parked' AND turn = ?"),
    join: prepare("UPDATE inbox SET body = ? WHERE turn = ?"),
    // what was dealt with is known again by its number; its words are not needed
    settle: prepare(
      `UPDATE inbox SET state = ?1, reason = ?2,
       body = iif(?1 IN ('done', 'dead'), json_remove(json_set(body, '$.text', ''), '$.quoted'), body) WHERE turn = ?3`,
    ),
    tell: prepare(
      `INSERT INTO outbox (key, channel, body, created, state) VALUES (?, ?, ?, ?, 'waiting')
       ON CONFLICT DO NOTHING`,
    ),
    unsent: prepare(
      "SELECT body, channel, tries, next_at FROM outbox WHERE state = 'waiting' ORDER BY id",
    ),
    sent: prepare("UPDATE outbox SET state = ? WHERE key = ?"),
    findTold: prepare(
      `SELECT body, outbox.channel, tries, next_at FROM outbox JOIN told_parts USING (key)
       WHERE told_parts.channel = ? AND told_parts.conversation = ? AND part = ?`,
    ),
    openPrompts: prepare(
      `SELECT body, channel, tries, next_at FROM outbox AS asked
       WHERE key GLOB 'question:*' AND state <> 'dead'
         AND coalesce(json_extract(body, '$.choices'), json_extract(body, '$.onReply')) IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM outbox WHERE key = 'closed:' || asked.key)
       ORDER BY id`,
    ),
    again: prepare("UPDATE outbox SET tries = tries + 1, next_at = ? WHERE key = ?"),
    tellAgain: prepare(
      `UPDATE outbox SET state = 'waiting', next_at = 0 WHERE id = (
         SELECT id FROM outbox WHERE json_extract(body, '$.turn') = ? ORDER BY id DESC LIMIT 1)`,
    ),
    countInbox: prepare("SELECT state, count(*) AS n FROM inbox GROUP BY state"),
    countOutbox: prepare("SELECT state, count(*) AS n FROM outbox GROUP BY state"),
    dead: prepare("SELECT body, reason FROM inbox WHERE state = 'dead' ORDER BY id"),
    untold: prepare(
      "SELECT key, channel, body, created, tries FROM outbox WHERE state = 'dead' ORDER BY id",
    ),
    sweepInbox: prepare("DELETE FROM inbox WHERE state IN ('done', 'dead') AND received < ?"),
    sweepOutbox: prepare("DELETE FROM outbox WHERE state IN ('delivered', 'dead') AND created < ?"),
  };
}

type Row = Record<string, unknown>;

function updateOf(row: Row): KeptUpdate {
  return JSON.parse(String(row["body"])) as KeptUpdate;
}

function messageOf(row: Row): KeptMessage {
  const message = JSON.parse(String(row["body"])) as Omit<KeptMessage, "channel">;
  const tries = Number(row["tries"]);
  return {
    ...message,
    channel: String(row["channel"]),
    tries,
    nextAt: Number(row["next_at"]),
  };
}

function deadOf(row: Row): DeadLetter {
  const { channel, update, conversation } = updateOf(row);
  const [at = "", ...reason] = String(row["reason"]).split(" ");
  return { channel, update, conversation, reason: reason.join(" "), at: Date.parse(at) };
}

function untoldOf(row: Row): DeadLetter {
  const { conversation } = JSON.parse(String(row["body"])) as OutgoingMessage;
  const [channel, update] = [String(row["channel"]), String(row["key"])];
  const reason = Number(row["tries"]) > 0 ? "message_not_taken" : "channel_missing";
  return { channel, update, conversation, reason, at: Number(row["created"]) };
}

function countsOf(sql: ReturnType<typeof prepareAll>): StoreCounts {
  const read = (statement: StatementSync) =>
    new Map(statement.all().map((row) => [String(row["state"]), Number(row["n"])]));
  const [inbox, outbox] = [read(sql.countInbox), read(sql.countOutbox)];
  return {
    waiting: inbox.get("waiting") ?? 0,
    parked: inbox.get("parked") ?? 0,
    unsent: outbox.get("waiting") ?? 0,
    dead: (inbox.get("dead") ?? 0) + (outbox.get("dead") ?? 0),
  };
}
