import { parseJsonLines } from "../platform/json_lines.ts";
import type { Files } from "../platform/platform.ts";
import { sha256Hex } from "../text/canonical_json.ts";
import { listMonths } from "./_months.ts";
import { type AuditEntry, GENESIS, hashOf, isEntry } from "./entry.ts";

/** What a look at the whole log found. */
export type ChainReport =
  /** `seq` and `hash` are those of the last line; lines cut off behind it do not show. */
  | { readonly kind: "intact"; readonly seq: number; readonly hash: string }
  | {
    readonly kind: "broken";
    readonly file: string;
    /** 1-based. */
    readonly line: number;
    /** One sentence. */
    readonly reason: string;
  };

/** The place in the chain that a line must fit. */
interface Position {
  readonly seq: number;
  readonly hash: string;
}

const LINE_FEED = 0x0a;

/** Looks at every line of the log; finds lines that were changed, taken out or put elsewhere. */
export async function verifyChain(files: Files): Promise<ChainReport> {
  let position: Position = { seq: 0, hash: GENESIS };
  const months = await listMonths(files);
  for (const file of months) {
    const bytes = await files.readBytes(file) ?? new Uint8Array();
    const walked = await walk(bytes, position, file === months.at(-1));
    if ("reason" in walked) return { kind: "broken", file, ...walked };
    position = walked;
  }
  return { kind: "intact", ...position };
}

async function walk(
  bytes: Uint8Array,
  from: Position,
  isNewest: boolean,
): Promise<Position | { readonly line: number; readonly reason: string }> {
  let position = from;
  let whole = 0; // where the last line of the chain ended
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed;
    const [entry] = parseJsonLines(new TextDecoder().decode(bytes.subarray(start, end)));
    line++;
    if (isEntry(entry)) {
      const reason = await findFault(entry, position, bytes.subarray(whole, start));
      if (reason !== undefined) return { line, reason };
      position = entry;
      whole = end + 1;
    }
    start = end + 1;
  }
  // The newest file may end in a line that is just being written or was never finished.
  if (whole < bytes.length && !isNewest) return { line, reason: "this is no line of the log" };
  return { seq: position.seq, hash: position.hash };
}

/** What is wrong with a line, or with the foreign bytes between it and the one before. */
async function findFault(
  entry: AuditEntry,
  before: Position,
  between: Uint8Array,
): Promise<string | undefined> {
  if (await hashOf(entry) !== entry.hash) return "this line was changed";
  if (entry.seq > before.seq + 1) return "lines before this one were taken out";
  if (entry.seq !== before.seq + 1) return "this line stands in the wrong place";
  if (entry.prev !== before.hash) return "the line before this one was replaced";
  if (entry.kind !== "torn_line") {
    return between.length === 0 ? undefined : "something foreign stands before this line";
  }
  const torn = between.subarray(0, between.length - 1); // the line feed is the log's own
  return entry["bytes"] === torn.length && entry["sha256"] === await sha256Hex(torn)
    ? undefined
    : "the unfinished line before this one was changed";
}
