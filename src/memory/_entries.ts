import { MARKED, MARKER } from "./_notes.ts";

/** One dated entry of HISTORY.md. */
export interface HistoryEntry {
  /** `2026-11-24 18:05` in the person's zone; "" for text before the first dated heading. */
  readonly date: string;
  readonly text: string;
  /** It came from a turn that took in untrusted text. */
  readonly marked: boolean;
}

/** Our headings, and nothing else, begin an entry: `## 2026-11-24 18:05`, with a title or not. */
const HEADING = /^## (\d{4}-\d{2}-\d{2} \d{2}:\d{2})(?:[ \t]+(.*))?$/;
/** Lines of a text that would be taken for a heading, with the backslashes that keep them apart. */
const LIKE_HEADING = /^\\*## \d{4}-\d{2}-\d{2} \d{2}:\d{2}/;

/** Whether a line begins an entry. */
export function isHeading(line: string): boolean {
  return HEADING.test(line);
}

/** Takes HISTORY.md apart, oldest first. Seeds (a title, quotes) are no entry. */
export function parseHistoryEntries(file: string): HistoryEntry[] {
  const entries: HistoryEntry[] = [];
  let open: { date: string; marked: boolean; lines: string[] } = {
    date: "",
    marked: false,
    lines: [],
  };
  const close = () => {
    const kept = open.date === "" ? open.lines.filter((line) => !isSeed(line)) : open.lines;
    const text = kept.map(unescape).join("\n").trim();
    if (text !== "") entries.push({ date: open.date, text, marked: open.marked });
  };
  for (const line of file.split(/\r?\n/)) {
    const found = HEADING.exec(line);
    if (!found) {
      open.lines.push(line);
      continue;
    }
    close();
    const title = found[2] ?? "";
    const lines = [title.replace(MARKED, "").trim()];
    open = { date: found[1] ?? "", marked: MARKED.test(title), lines };
  }
  close();
  return entries;
}

/** An entry as it is added to the file. */
export function formatHistoryEntry({ date, text, marked }: HistoryEntry): string {
  const lines = text.toWellFormed().split(/\r\n|\r|\n/).map(escape);
  return `\n## ${date}${marked ? ` ${MARKER}` : ""}\n\n${lines.join("\n").trim()}\n`;
}

/** Date and time of an instant in a zone, as the headings have it. */
export function formatDate(at: number, zone: string): string {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}`;
}

function escape(line: string): string {
  return LIKE_HEADING.test(line) ? `\\${line}` : line;
}

function unescape(line: string): string {
  return line.startsWith("\\") && LIKE_HEADING.test(line) ? line.slice(1) : line;
}

function isSeed(line: string): boolean {
  return /^(#{1,6}\s|>|<!--.*-->\s*$)/.test(line);
}
