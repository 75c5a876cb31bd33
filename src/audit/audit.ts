import { CodedError } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Clean } from "../domain/redacted.ts";
import { findFullDisk } from "../platform/full_disk.ts";
import { parseJsonLines } from "../platform/json_lines.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { sha256Hex } from "../text/canonical_json.ts";
import { type ChainEnd, findEnd, listMonths } from "./_months.ts";
import { type AuditEntry, CHAIN_FIELDS, isEntry, sealEntry } from "./entry.ts";

/** What was done, by whom and when; lines are added and never changed. */
export interface Audit {
  /**
   * Adds a line; it is on disk when this resolves.
   * @throws {TypeError} when a field has the name of one that every line has
   * @throws {CodedError} `audit_failed` when the line cannot be written: then what it tells of must
   *   not be done
   */
  record(kind: string, fields: Clean<JsonObject>): Promise<AuditEntry>;
  /** Lines of a kind and not older than `since` (milliseconds since 1970), oldest first. */
  read(wanted?: AuditQuery): Promise<readonly AuditEntry[]>;
}

/** Which lines are wanted; all of them when nothing is said. */
export interface AuditQuery {
  readonly since?: number;
  readonly kind?: string;
}

/**
 * Opens the log in a directory of its own: a file of JSON lines per month, `2026-11.jsonl`,
 * chained by hashes from line to line and from file to file. Several processes may write.
 */
export function openAudit(files: Files, clock: Clock): Audit {
  return {
    async record(kind, fields) {
      const taken = CHAIN_FIELDS.find((name) => Object.hasOwn(fields, name));
      if (taken) throw new TypeError(`"${taken}" is a field of every line of the log`);
      try {
        return await files.locked("chain", () => add(files, clock, kind, fields));
      } catch (error) {
        throw unwritable(files.path, error);
      }
    },
    async read({ since = 0, kind } = {}) {
      const from = new Date(since).toISOString();
      const months = (await listMonths(files)).filter((name) =>
        name.slice(0, 7) >= from.slice(0, 7)
      );
      const texts = await Promise.all(months.map((name) => files.readText(name)));
      return texts.flatMap((text) => parseJsonLines(text ?? "")).filter(isEntry)
        .filter((entry) => entry.at >= from && (kind === undefined || entry.kind === kind));
    },
  };
}

function unwritable(path: string, error: unknown): CodedError {
  const reason = findFullDisk(error, path)?.message ??
    (error instanceof Error ? error.message : String(error));
  const message = `The audit log in ${path} cannot be written, and nothing is done without its ` +
    `line: ${reason.replace(/[.:]?$/, ".")}`;
  const hint = "Make that directory writable and free of anything else.";
  return new CodedError("audit_failed", message, hint, { cause: error });
}

async function add(
  files: Files,
  clock: Clock,
  kind: string,
  fields: JsonObject,
): Promise<AuditEntry> {
  const at = new Date(clock.now()).toISOString();
  const end = await closeTear(files, await findEnd(files), at);
  const month = `${at.slice(0, 7)}.jsonl`;
  // A clock that was set back must not put a line into a file before the newest.
  const name = end.file !== undefined && end.file > month ? end.file : month;
  const entry = await sealEntry(end.seq + 1, at, kind, fields, end.hash);
  if (end.unended && end.file !== undefined) await files.append(end.file, "\n");
  await files.append(name, `${JSON.stringify(entry)}\n`);
  return entry;
}

/** Takes what a killed process left into the chain: it can be neither changed nor grow. */
async function closeTear(files: Files, end: ChainEnd, at: string): Promise<ChainEnd> {
  if (end.file === undefined || end.torn.length === 0) return end;
  const fields = { bytes: end.torn.length, sha256: await sha256Hex(end.torn) };
  const tear = await sealEntry(end.seq + 1, at, "torn_line", fields, end.hash);
  await files.append(end.file, `\n${JSON.stringify(tear)}\n`);
  return { file: end.file, seq: tear.seq, hash: tear.hash, torn: new Uint8Array(), unended: false };
}
