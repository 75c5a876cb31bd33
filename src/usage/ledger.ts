import { CodedError } from "../domain/failure.ts";
import { parseJsonLines } from "../platform/json_lines.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { type CountedLine, isUsageLine, type UsageLine } from "./entry.ts";

/** What models were asked and what it cost, line by line. */
export interface Ledger {
  /**
   * Shows what counts against budgets of today and yesterday to `decide` and adds the line that it returns, while
   * no other process can do the same. The line is on disk when this resolves.
   * @throws {CodedError} `budget_exceeded` when the ledger cannot be read or written, or would not
   * read the line again: what cannot be counted is not allowed
   * @throws what `decide` throws; nothing is added then
   */
  add(decide: (recent: readonly CountedLine[], stamp: Stamp) => UsageLine): Promise<void>;
  /** All lines from a day on, oldest first, and the number of those that cannot be read. */
  read(fromDay: string): Promise<{ readonly lines: readonly UsageLine[]; readonly broken: number }>;
  /** Lines that cannot be read, in all months; they count nowhere. */
  problems(): Promise<readonly LedgerProblem[]>;
  /** The day of a time, and how many days before it another one is. */
  day(at: number): string;
}

/** A line that cannot be read. */
export interface LedgerProblem {
  /** Name of the month's file, `2026-05.jsonl`. */
  readonly file: string;
  /** From 1 on. */
  readonly line: number;
}

/** When a line is written. */
export type Stamp = Pick<UsageLine, "at" | "day">;

const DAY_MS = 24 * 60 * 60 * 1000;

/** What of a month has been read so far. */
interface Month {
  readonly name: string;
  /** Bytes that have been read; they end with a line. */
  readonly bytes: number;
  /** Those that still matter. */
  readonly lines: readonly CountedLine[];
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
        const text = JSON.stringify(decide(recent, stamp));
        if (!isUsageLine(JSON.parse(text))) throw uncountable();
        await closedOn(files.path, () => files.append(fileOf(stamp.day), `${text}\n`));
      }),
    async read(fromDay) {
      const names = (await monthsIn(files)).filter((name) => name >= fileOf(fromDay));
      const texts = await Promise.all(names.map((name) => files.readText(name)));
      const values = texts.flatMap((text) => parseJsonLines(text ?? ""));
      const lines = values.filter(isUsageLine);
      return {
        lines: lines.filter((line) => line.day >= fromDay),
        broken: values.length - lines.length,
      };
    },
    async problems() {
      const found = (await monthsIn(files)).map(async (file) =>
        brokenLines(await files.readText(file) ?? "").map((line) => ({ file, line }))
      );
      return (await Promise.all(found)).flat();
    },
  };
}

async function monthsIn(files: Files): Promise<string[]> {
  const names = (await files.list()).map(({ name }) => name);
  return names.filter((name) => /^\d{4}-\d\d\.jsonl$/.test(name)).sort();
}

function brokenLines(text: string): number[] {
  return text.split("\n").flatMap((line, index) =>
    parseJsonLines(line).every(isUsageLine) ? [] : [index + 1]
  );
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

const NOTHING_READ = { bytes: 0, lines: [] };

async function readMonth(files: Files, before: Month, fromDay: string): Promise<Month> {
  const { name } = before;
  const size = (await files.stat(name))?.size ?? 0;
  // A file that has become shorter is another one.
  const { bytes, lines } = size < before.bytes ? NOTHING_READ : before;
  if (size === bytes) return { name, bytes, lines };
  const added = await files.readBytes(name, bytes) ?? new Uint8Array();
  const whole = added.subarray(0, added.lastIndexOf(LINE_FEED) + 1);
  if (whole.length < added.length) await dropTorn(files, name, bytes + whole.length);
  // a line that cannot be read is only itself lost; `clambot doctor` tells where it is
  const fresh = parseJsonLines(new TextDecoder().decode(whole)).filter(isUsageLine);
  // turns count against nothing: a process that answers many must not remember them
  const asked = fresh.filter((line) => line.kind !== "turn");
  const recent = [...lines, ...asked].filter((line) => line.day >= fromDay);
  return { name, bytes: bytes + whole.length, lines: recent };
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

function uncountable(): CodedError {
  return new CodedError(
    "budget_exceeded",
    "What a request to the model can use is no number that the usage ledger can hold.",
    "Check the prices and limits below agents.models and agents.budgets.",
  );
}

/** A ledger that cannot be used stops everything that would have to be counted. */
async function closedOn<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof CodedError && cause.code === "budget_exceeded") throw cause;
    throw new CodedError(
      "budget_exceeded",
      `The usage ledger in ${path} cannot be used, so nothing can be counted against the budgets.`,
      "Check that the disk has room and the directory is yours.",
      { cause },
    );
  }
}
