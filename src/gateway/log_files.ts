import type { Files } from "../platform/platform.ts";

// The gateway's log is a file for each day, and more of them where one would grow too large. Their
// names sort them; none is ever renamed, so that whoever follows them loses nothing.

/** A file of the log. */
export interface LogFile {
  readonly name: string;
  /** `2026-11-28`, in UTC. */
  readonly day: string;
  /** Which one of its day, from 0. */
  readonly number: number;
}

const NAME = /^gateway-(\d{4}-\d{2}-\d{2})(?:\.([1-9]\d{0,5}))?\.jsonl$/;

/** The file of a day with this number. */
export function logFile(day: string, number: number): LogFile {
  return { name: `gateway-${day}${number === 0 ? "" : `.${number}`}.jsonl`, day, number };
}

/** The day of a time, in UTC. */
export function logDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Every file of the log, oldest first. */
export async function listLogFiles(files: Files): Promise<readonly LogFile[]> {
  return (await files.list()).flatMap(({ name, kind }) => {
    const [, day, number = "0"] = NAME.exec(name) ?? [];
    return day === undefined || kind !== "file" ? [] : [{ name, day, number: Number(number) }];
  }).sort(inOrder);
}

/** Which of two files comes first; negative: the first one. */
export function inOrder(one: LogFile, other: LogFile): number {
  if (one.day !== other.day) return one.day < other.day ? -1 : 1;
  return one.number - other.number;
}
