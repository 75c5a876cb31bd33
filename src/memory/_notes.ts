/** MEMORY.md as lines and the notes in them; edits touch only the lines they mean. */

/** The marker that people see behind a note of untrusted origin. */
export const MARKER = "<!-- marked -->";
export const MARKED = /<!--\s*marked\s*-->/i;
const COMMENT = /<!--.*?-->/g;
/** The end of a comment that an earlier line began. */
const CLOSES = /^(?:(?!<!--).)*-->/;

/** A list item or a paragraph. */
export interface Note {
  readonly kind: "fact" | "paragraph";
  /** One line, without bullet and comments. */
  readonly text: string;
  readonly marked: boolean;
  /** The heading it stands under, as it is written; "" before the first. */
  readonly heading: string;
  /** Index of its first line, and of the line after its last. */
  readonly from: number;
  readonly to: number;
}

/** A file taken apart: `lines` joined are the file, byte for byte. */
export interface Notes {
  readonly lines: readonly string[];
  readonly notes: readonly Note[];
  /** Indexes of the lines that are headings. */
  readonly headings: readonly number[];
  /** Indexes of the lines that are inside a comment. */
  readonly hidden: ReadonlySet<number>;
}

/**
 * Reads what MEMORY.md says. Headings, quotes, empty lines and comments are no notes. A list item
 * goes on over indented lines; a comment on a line of its own belongs to the note above it.
 */
export function parseNotes(file: string): Notes {
  const lines = file.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const notes: Note[] = [];
  const headings: number[] = [];
  const hidden = new Set<number>();
  let heading = "";
  const lastClose = lines.findLastIndex((line) => CLOSES.test(line));
  let inComment = false;
  lines.forEach((line, index) => {
    const kind = inComment ? "comment" : kindOf(line);
    inComment = isComment(line, inComment, index < lastClose);
    if (kind === "comment") hidden.add(index);
    if (kind === "heading") {
      heading = line.trim();
      headings.push(index);
    }
    if (kind === "item") notes.push(noteAt("fact", line, heading, index));
    if (kind !== "more" && kind !== "marker") return;
    const last = notes.at(-1);
    if (last?.to === index) notes[notes.length - 1] = longer(last, line);
    else if (kind === "more") notes.push(noteAt("paragraph", line, heading, index));
  });
  return { lines, notes, headings, hidden };
}

/** The file without these notes. */
export function withoutNotes({ lines }: Notes, gone: readonly Note[]): string {
  return lines.filter((_, index) => !gone.some(({ from, to }) => index >= from && index < to))
    .join("");
}

/**
 * The file with further lines at the end of the section under `heading`, which is made at the end
 * of the file when there is none.
 */
export function withItems(file: string, heading: string, items: readonly string[]): string {
  const { lines, notes, headings } = parseNotes(file);
  const end = file.includes("\r\n") ? "\r\n" : "\n";
  const added = items.map((item) => `${item}${end}`);
  const title = headings.findLast((index) => lines[index]?.trim() === heading);
  if (title === undefined) return [...newSection(file, heading, end), ...added].join("");
  let place = headings.find((index) => index > title) ?? lines.length;
  while (lines[place - 1]?.trim() === "") place--;
  const follows = notes.some((note) => note.kind === "fact" && note.to === place);
  const before = ended(lines.slice(0, place).join(""), end);
  return [before, follows ? "" : end, ...added, ...lines.slice(place)].join("");
}

/** A fact as a line of the file. */
export function formatItem(text: string, marked: boolean): string {
  return marked ? `- ${text} ${MARKER}` : `- ${text}`;
}

/** A line without comments and without white space at its end. */
export function withoutComments(line: string): string {
  return line.replace(COMMENT, "").trimEnd();
}

type LineKind = "blank" | "heading" | "quote" | "comment" | "marker" | "item" | "more";

function kindOf(line: string): LineKind {
  const plain = withoutComments(line).replace(/^\ufeff/, "").trim();
  if (plain === "") {
    return MARKED.test(line) ? "marker" : line.includes("<!--") ? "comment" : "blank";
  }
  if (/^#{1,6}(\s|$)/.test(plain)) return "heading";
  if (plain.startsWith(">")) return "quote";
  if (plain.startsWith("<!--")) return "comment";
  if (/^[-*+]\s+\[[ xX]?\]$|^[-*+]$|^([-*_])(\s*\1){2,}$/.test(plain)) return "blank";
  return /^[-*+]\s+\S/.test(plain) ? "item" : "more";
}

/** A comment that is never closed is none: what follows it must not be lost. */
function isComment(line: string, before: boolean, closedLater: boolean): boolean {
  const opens = line.lastIndexOf("<!--") > line.lastIndexOf("-->") && closedLater;
  return before ? !CLOSES.test(line) || opens : opens;
}

function noteAt(kind: Note["kind"], line: string, heading: string, index: number): Note {
  const text = withoutComments(line).trim().replace(/^[-*+]\s+/, "");
  return { kind, text, marked: MARKED.test(line), heading, from: index, to: index + 1 };
}

function longer(note: Note, line: string): Note {
  const text = `${note.text} ${withoutComments(line).trim()}`.trim();
  return { ...note, text, marked: note.marked || MARKED.test(line), to: note.to + 1 };
}

function newSection(file: string, heading: string, end: string): string[] {
  if (file.trim() === "") return [file, `${heading}${end}`, end];
  return [ended(file, end), end, `${heading}${end}`, end];
}

function ended(text: string, end: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}${end}`;
}
