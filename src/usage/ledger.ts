import { CodedError } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import { parseJsonLines } from "../platform/json_lines.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { isUsageLine, type UsageLine } from "./entry.ts";

/** What models were asked and what it cost, line by line. */
export interface Ledger {
  /**
   * Shows the lines of today and yesterday to `decide` and adds the line that it returns, while no
   * other process can do the same. The line is on disk when this resolves.
   * @throws {CodedError} `budget_exceeded` when the ledger cannot be read or written: what cannot
   * be counted is not allowed
   * @throws what `decide` throws; nothing is added then
   */
  add(decide: (recent: readonly UsageLine[], stamp: Stamp) => UsageLine): Promise<void>;
  /** All lines from a day on, oldest first, and the number of those that cannot be read. */
  read(fromDay: string): Promise<{ readonly lines: readonly UsageLine[]; readonly broken: number }>;
  /** The day of a time, and how many days before it another one is. */
  day(at: number): string;
}

/** When a line is written. */
export type Stamp = Pick<UsageLine, "at" | "day">;

const DAY_MS = 24 * 60 * 60 * 1000;

/** What of a month has been read so far. */
interface Month {
  readonly name: string;
  /** Bytes that have been read; they end with a line. */
  readonly bytes: number;
  /** Lines that have been read. */
  readonly count: number;
  /** Those that still matter. */
  readonly lines: readonly UsageLine[];
}

/**
 * Opens the ledger in a directory of its own: one file of JSON lines per month. Days are those of
 * `zone`. Several processes may use it; each reads only what is new.
 */
export function openLedger(files: Files, clock: Clock, zone: string = clock.zone()): Ledger {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const day = (at: number) => format.format(at);
  let months: readonly Month[] = [];
  return {
    day,
    add: (decide) =>
      files.locked("ledger", async () => {
        const now = clock.now();
        const stamp = { at: new Date(now).toISOString(), day: day(now) };
        const yesterday = day(now - DAY_MS);
        months = await closedOn(
          files.path,
          () => readMonths(files, months, [yesterday, stamp.day]),
        );
        const recent = months.flatMap(({ lines }) => lines).filter((line) => line.day >= yesterday);
        const line = `${JSON.stringify(decide(recent, stamp))}\n`;
        await closedOn(files.path, () => files.append(fileOf(stamp.day), line));
      }),
    async read(fromDay) {
      const names = (await files.list()).map(({ name }) => name)
        .filter((name) => /^\d{4}-\d\d\.jsonl$/.test(name) && name >= fileOf(fromDay));
      const texts = await Promise.all(names.map((name) => files.readText(name)));
      const values = texts.flatMap((text) => parseJsonLines(text ?? ""));
      const lines = values.filter(isUsageLine);
      return {
        lines: lines.filter((line) => line.day >= fromDay),
        broken: values.length - lines.length,
      };
    },
  };
}

function fileOf(day: string): string {
  return `${day.slice(0, 7)}.jsonl`;
}

/** The months of these days, with what others have added since they were last read. */
async function readMonths(
  files: Files,
  known: readonly Month[],
  days: readonly string[],
): Promise<Month[]> {
  const names = [...new Set(days.map(fileOf))];
  return await Promise.all(names.map((name) => {
    const before = known.find((month) => month.name === name);
    return readMonth(files, before ?? { name, ...NOTHING_READ }, days[0] ?? "");
  }));
}

const NOTHING_READ = { bytes: 0, count: 0, lines: [] };

async function readMonth(files: Files, before: Month, fromDay: string): Promise<Month> {
  const { name } = before;
  const size = (await files.stat(name))?.size ?? 0;
  // A file that has become shorter is another one.
  const { bytes, count, lines } = size < before.bytes ? NOTHING_READ : before;
  if (size === bytes) return { name, bytes, count, lines };
  const added = await files.readBytes(name, bytes) ?? new Uint8Array();
  const whole = added.subarray(0, added.lastIndexOf(LINE_FEED) + 1);
  if (whole.length < added.length) await dropTorn(files, name, bytes + whole.length);
  const values = parseJsonLines(new TextDecoder().decode(whole));
  const fresh = values.map((value, index) => checked(value, files, name, count + index + 1));
  const recent = [...lines, ...fresh].filter((line) => line.day >= fromDay);
  return { name, bytes: bytes + whole.length, count: count + values.length, lines: recent };
}

const LINE_FEED = 0x0a;

/**
 * Takes away the unfinished line of a process that was killed while it wrote. It can have been a
 * reservation, for which nothing was sent yet, or the end of a request, whose reservation stands.
 */
async function dropTorn(files: Files, name: string, keep: number): Promise<void> {
  const all = await files.readBytes(name) ?? new Uint8Array();
  await files.replace(name, all.subarray(0, keep));
}

function checked(value: Json | undefined, files: Files, name: string, number: number): UsageLine {
  if (isUsageLine(value)) return value;
  throw new CodedError(
    "budget_exceeded",
    `The usage ledger ${files.path}/${name} is damaged in line ${number}, so nothing can be ` +
      "counted against the budgets.",
    "Move the file away; a new one is begun.",
  );
}

/** A ledger that cannot be used stops everything that would have to be counted. */
async function closedOn<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw new CodedError(
      "budget_exceeded",
      `The usage ledger in ${path} cannot be used, so nothing can be counted against the budgets.`,
      "Check that the disk has room and the directory is yours.",
      { cause },
    );
  }
}
