import { DatabaseSync } from "node:sqlite";
import { CodedError } from "../domain/failure.ts";
import { findFullDisk } from "./full_disk.ts";

/** A database that is open, with a name for complaints. */
export interface Database {
  readonly db: DatabaseSync;
  /** What the database cannot do leaves as a `CodedError`. */
  at<T>(work: () => T): T;
  /** The same in one transaction: all of it is on disk, or nothing. Within another one it joins that. */
  together<T>(work: () => T): T;
  close(): void;
}

/** How complaints name a database. */
export interface DatabaseName {
  /** `store of the gateway` */
  readonly what: string;
  /** What is lost with it, as a sentence. */
  readonly loss: string;
}

/**
 * Opens a database at an absolute path, with everything on disk when a transaction has ended.
 * @throws {CodedError} `file_failed` when what stands there is none; it is left as it is
 */
export function openDatabase(path: string, name: DatabaseName): Database {
  const at = <T>(work: () => T): T => atDatabase(path, name, work);
  const db = at(() => {
    const opened = new DatabaseSync(path);
    try {
      opened.exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000; PRAGMA secure_delete = ON;",
      );
      return opened;
    } catch (error) {
      opened.close();
      throw error;
    }
  });
  return {
    db,
    at,
    together: (work) => at(() => db.isTransaction ? work() : inTransaction(db, work)),
    close: () => db.close(),
  };
}

function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function atDatabase<T>(path: string, { what, loss }: DatabaseName, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CodedError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const full = /disk is full|SQLITE_FULL/i.test(message)
      ? findFullDisk(new Error("No space left on device (os error 28)"), path)
      : undefined;
    if (full) throw new CodedError(full.code, full.message, full.hint, { cause: error });
    const broken = /not a database|malformed/i.test(message);
    throw new CodedError(
      "file_failed",
      broken
        ? `What stands in "${path}" is no ${what}, or it is damaged.`
        : `The ${what} "${path}" cannot be used: ${message}.`,
      broken ? `Put it back from a backup, or move it away: ${loss}` : undefined,
      { cause: error },
    );
  }
}
