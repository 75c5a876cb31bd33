import type { Channel } from "../channels/channel.ts";
import type { Database } from "../platform/database.ts";

// What is told to the owner where no channel reaches them: it waits until they look.

/** The name of the channel that keeps it. */
export const OWNER_CHANNEL = "owner";

/** A conversation in which something is told. */
export interface TellingPlace {
  readonly channel: string;
  readonly conversation: string;
}

/** Where the owner finds what no channel could bring. */
export const OWNER_PLACE: TellingPlace = { channel: OWNER_CHANNEL, conversation: OWNER_CHANNEL };

/** Something that waits for the owner. */
export interface KeptNotice {
  readonly text: string;
  /** When it was to be told, in milliseconds since 1970. */
  readonly at: number;
}

/** What waits for the owner, on disk. */
export interface Notices {
  keep(key: string, notice: KeptNotice): void;
  /** All of it, oldest first; it counts as told. */
  take(): readonly KeptNotice[];
  count(): number;
}

/** The most that is kept: the oldest goes first. */
const MOST_KEPT = 200;

const TABLES = `
  CREATE TABLE IF NOT EXISTS notices (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
`;

/** Opens it in the gateway's database. @throws {CodedError} `file_failed` */
export function openNotices({ db, at, together }: Database): Notices {
  const sql = at(() => {
    db.exec(TABLES);
    return {
      keep: db.prepare(
        "INSERT INTO notices (key, text, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      ),
      cut: db.prepare(
        "DELETE FROM notices WHERE id NOT IN (SELECT id FROM notices ORDER BY id DESC LIMIT ?)",
      ),
      all: db.prepare("SELECT text, at FROM notices ORDER BY id"),
      clear: db.prepare("DELETE FROM notices"),
      count: db.prepare("SELECT count(*) AS n FROM notices"),
    };
  });
  return {
    keep: (key, notice) =>
      together(() => {
        sql.keep.run(key, notice.text, notice.at);
        sql.cut.run(MOST_KEPT);
      }),
    take: () =>
      together(() => {
        const all = sql.all.all();
        sql.clear.run();
        return all.map((row) => ({ text: String(row["text"]), at: Number(row["at"]) }));
      }),
    count: () => at(() => Number(sql.count.get()?.["n"])),
  };
}

/** The channel to the owner's own list. Nobody is heard there. */
export function createOwnerChannel(notices: Notices, now: () => number): Channel {
  return {
    name: OWNER_CHANNEL,
    isInward: true,
    listen: (_sink, signal) => untilAborted(signal),
    send({ key, text }) {
      notices.keep(key, { text, at: now() });
      return Promise.resolve();
    },
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
