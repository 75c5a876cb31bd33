import type { Clean, Redactor } from "../domain/redacted.ts";
import { readEnd } from "../platform/json_lines.ts";
import type { AppendFile, Clock, Files, Log } from "../platform/platform.ts";
import { inOrder, listLogFiles, logDay, type LogFile, logFile } from "./log_files.ts";

/** How much of the log is kept. */
export interface LogBounds {
  readonly keepDays: number;
  /** Bytes of all its files together. */
  readonly mostBytes: number;
}

/** What a log on disk is made of. */
export interface FileLogPorts {
  /** The directory of the log. */
  readonly files: Files;
  readonly clock: Pick<Clock, "now">;
  readonly redactor: Pick<Redactor, "clean">;
  readonly bounds: LogBounds;
}

/** A log on disk. */
export interface FileLog extends Log {
  /** Resolves when everything so far is written, or cannot be. */
  flushed(): Promise<void>;
  /** The same; what comes later is left out. */
  close(): Promise<void>;
}

/** A line of the log, as it is written. */
type Line = Readonly<Record<string, string | number | boolean | null>>;

/** Lines that may wait for the disk; more are counted and left out. */
const MOST_WAITING = 10_000;
/** Files that the log may have at its full size: what is taken away at once is one of them. */
const PARTS = 8;

/**
 * Writes a log as JSON lines: ids, codes, numbers and times, never what somebody said. Nothing that
 * goes wrong here fails whoever logs; lines that were left out are counted in the log itself.
 */
export function createFileLog(ports: FileLogPorts): FileLog {
  const { clock, redactor, bounds } = ports;
  const mostOfFile = Math.max(1, Math.floor(bounds.mostBytes / PARTS));
  let waiting: string[] = [];
  let lost = 0;
  let isClosed = false;
  let open: OpenLog | undefined;
  let writing = Promise.resolve();

  function note(level: "debug" | "warn", event: string, fields: Readonly<Record<string, unknown>>) {
    if (isClosed) return;
    if (waiting.length >= MOST_WAITING) return void lost++;
    const at = new Date(clock.now()).toISOString();
    waiting.push(formatLine(redactor.clean({ at, level, event, ...plain(fields) })));
    if (waiting.length === 1) writing = writing.then(write);
  }

  async function write(): Promise<void> {
    const lines = waiting;
    waiting = [];
    try {
      if (lost > 0) {
        const at = new Date(clock.now()).toISOString();
        lines.push(formatLine(redactor.clean({ at, level: "warn", event: "lines_lost", lost })));
      }
      open = await fitting(open, ports, mostOfFile);
      const text = lines.join("");
      await open.file.append(text, false);
      open.size += new TextEncoder().encode(text).length;
      lost = 0;
    } catch {
      // a full disk, most likely: the next lines try again
      lost += lines.length;
      open?.file.close();
      open = undefined;
    }
  }

  return {
    debug: (event, fields = {}) => note("debug", event, fields),
    warn: (event, fields = {}) => note("warn", event, fields),
    flushed: () => writing,
    async close() {
      isClosed = true;
      await writing;
      open?.file.close();
      open = undefined;
    },
  };
}

interface OpenLog {
  readonly file: AppendFile;
  readonly at: LogFile;
  size: number;
}

/** The file that the next lines belong into: of today, and not too large. */
async function fitting(
  open: OpenLog | undefined,
  ports: FileLogPorts,
  mostOfFile: number,
): Promise<OpenLog> {
  const day = logDay(ports.clock.now());
  // a clock that was set back goes on in the file of the later day
  if (open && open.at.day >= day && open.size < mostOfFile) return open;
  open?.file.close();
  const next = await openNext(day, ports.files, mostOfFile);
  await prune(next.at, ports);
  return next;
}

async function openNext(day: string, files: Files, mostOfFile: number): Promise<OpenLog> {
  const last = (await listLogFiles(files)).at(-1);
  let at = last && last.day >= day ? last : logFile(day, 0);
  for (;; at = logFile(at.day, at.number + 1)) {
    const size = (await files.stat(at.name))?.size ?? 0;
    if (size >= mostOfFile) continue;
    const file = await files.openAppend(at.name);
    // a process that has not ended yet writes into it
    if (!file) continue;
    const [end = LINE_FEED] = await readEnd(files, at.name, 1);
    if (end !== LINE_FEED) await file.append("\n", false);
    return { file, at, size };
  }
}

const LINE_FEED = 0x0a;

/** Takes away what is too old, then the oldest while there is too much. */
async function prune(current: LogFile, { files, clock, bounds }: FileLogPorts): Promise<void> {
  const first = logDay(clock.now() - bounds.keepDays * DAY_MS);
  const old = (await listLogFiles(files)).filter((one) => inOrder(one, current) < 0).toReversed();
  // the newest may grow to its full size yet
  let total = bounds.mostBytes / PARTS;
  for (const { name, day } of old) {
    total += (await files.stat(name))?.size ?? 0;
    if (day < first || total > bounds.mostBytes) await files.remove(name);
  }
}

const DAY_MS = 86_400_000;

function formatLine(line: Clean<Line>): string {
  return `${JSON.stringify(line)}\n`;
}

/** What is written of a field: something with blanks, or very long, may be what somebody said. */
function plain(fields: Readonly<Record<string, unknown>>): Line {
  const all = Object.entries(fields).map(([name, value]) => [name, plainValue(value)] as const);
  return Object.fromEntries(all.filter(([, value]) => value !== undefined)) as Line;
}

function plainValue(value: unknown): Line[string] | undefined {
  if (typeof value === "string") {
    return PLAIN.test(value) ? value : `[${value.length} characters]`;
  }
  const isPlain = value === null || typeof value === "number" || typeof value === "boolean";
  return isPlain ? value : undefined;
}

/** Ids, codes, names of conversations, times. */
const PLAIN = /^[\p{L}\p{N}_.:@/+-]{0,128}$/u;
