import type { JsonObject } from "../domain/json.ts";
import { parseJsonLines } from "../platform/json_lines.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { inOrder, listLogFiles, logDay, type LogFile } from "./log_files.ts";

/** A line of the log. */
export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: JsonObject;
  /** All of it, as it stands there. */
  readonly line: JsonObject;
}

/** The least to the most urgent. */
export const LOG_LEVELS = ["debug", "warn"] as const;

/** How urgent a line is. */
export type LogLevel = typeof LOG_LEVELS[number];

/** Which lines are wanted. */
export interface LogWish {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** This level and what is more urgent. */
  readonly level: LogLevel;
}

/** Milliseconds between looks for new lines. */
const LOOK_MS = 200;

/**
 * The lines of the log, oldest first; lines that are no lines of a log are left out. With `follow`
 * those that come later too, over every change of file, until its signal is aborted.
 */
export async function* readLog(
  files: Files,
  wish: LogWish,
  follow?: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<LogEntry, void> {
  const first = logDay(Math.max(0, wish.since));
  let current: LogFile | undefined;
  let offset = 0;
  while (!follow?.signal.aborted) {
    // looked for before it is read: once there is a next one, nothing more comes into this one
    const next = (await listLogFiles(files)).find((one) =>
      current ? inOrder(one, current) > 0 : one.day >= first
    );
    const bytes = current && await readWhole(files, current.name, offset);
    if (bytes && bytes.length > 0) {
      offset += bytes.length;
      for (const value of parseJsonLines(new TextDecoder().decode(bytes))) {
        const entry = readEntry(value);
        if (entry && isWanted(entry, wish)) yield entry;
      }
    } else if (next) {
      current = next;
      offset = 0;
    } else if (!follow) return;
    else await follow.clock.sleep(LOOK_MS, follow.signal).catch(() => {});
  }
}

const LINE_FEED = 0x0a;

/** What stands behind an offset, up to the last end of a line. */
async function readWhole(
  files: Files,
  name: string,
  offset: number,
): Promise<Uint8Array | undefined> {
  const bytes = await files.readBytes(name, offset);
  return bytes?.subarray(0, bytes.lastIndexOf(LINE_FEED) + 1);
}

function isWanted(entry: LogEntry, { since, level }: LogWish): boolean {
  return entry.at >= since && LOG_LEVELS.indexOf(entry.level) >= LOG_LEVELS.indexOf(level);
}

function readEntry(value: unknown): LogEntry | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  const line = value as JsonObject;
  const { at, level, event, ...fields } = line;
  const known = LOG_LEVELS.find((one) => one === level);
  const time = typeof at === "string" ? Date.parse(at) : NaN;
  if (!known || typeof event !== "string" || Number.isNaN(time)) return undefined;
  return { at: time, level: known, event, fields, line };
}
