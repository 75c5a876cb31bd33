import { cleanText, type Style, type StyledText, type StyleSpan } from "./styled_text.ts";

/** Puts a styled text together, from left to right. */
export interface StyledWriter {
  /** Writes words in the styles that are open; each further line gets the indent. */
  write(text: string): void;
  /** Writes signs of a program: no other style but that of a link or a quote reaches into them. */
  code(text: string): void;
  /** Writes lines of a program, on lines of their own; no other style reaches into them. */
  pre(text: string, language?: string): void;
  /** Does `work` with a style open. The same kind within itself changes nothing. */
  within(style: Style, work: () => void): void;
  /** Does `work` with this much more before each further line. */
  indented(indent: string, work: () => void): void;
  /** Whether a style of this kind is open. */
  has(kind: Style["kind"]): boolean;
  /** Begins a new line, with a blank one before it if asked; at the beginning there is nothing. */
  newLine(isBlankBefore?: boolean): void;
  /** The text, once everything is written. */
  done(): StyledText;
}

interface Open {
  readonly style: Style;
  /** Where its first visible sign stands, once there is one. */
  start?: number;
}

/** Zero-width and directional signs; the joiner within an emoji is none. */
const HIDDEN =
  /(?<!\p{Extended_Pictographic}\p{Emoji_Modifier}?\ufe0f?)\u200d|[\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2060-\u2065\ufeff]/gu;

/** What a server knows as the name of a language. */
const LANGUAGE = /^[\w+#.-]{1,32}$/;

/** Begins an empty text. */
export function createStyledWriter(): StyledWriter {
  return new TextWriter();
}

class TextWriter implements StyledWriter {
  readonly #pieces: string[] = [];
  #length = 0;
  /** Where the last visible sign ends. */
  #seen = 0;
  /** Line feeds at the end. */
  #feeds = 0;
  /** Where the last line begins. */
  #line = 0;
  #indent = "";
  readonly #open: Open[] = [];
  readonly #spans: StyleSpan[] = [];

  write(text: string): void {
    const clean = this.has("link") ? cleanText(text).replace(HIDDEN, "") : cleanText(text);
    for (const [at, line] of clean.split("\n").entries()) {
      if (at > 0) this.#put("\n");
      this.#putLine(line);
    }
  }

  code(text: string): void {
    if (this.has("link")) return this.write(text);
    this.#interrupt((kind) => kind !== "quote");
    const all = this.#open.splice(0, this.#open.length);
    this.#open.push(...all.filter(({ style }) => style.kind === "quote"));
    this.within({ kind: "code" }, () => this.write(text));
    this.#open.splice(0, this.#open.length, ...all);
  }

  pre(text: string, language?: string): void {
    const clean = cleanText(text).trimEnd();
    if (clean === "") return;
    this.#interrupt(() => true);
    this.newLine();
    const start = this.#length;
    this.#put(clean);
    const named = language !== undefined && LANGUAGE.test(language) ? { language } : {};
    this.#spans.push({ style: { kind: "pre", ...named }, start, end: this.#seen });
  }

  within(style: Style, work: () => void): void {
    if (this.has(style.kind)) return work();
    const open: Open = { style };
    this.#open.push(open);
    work();
    this.#close(open);
    this.#open.pop();
  }

  indented(indent: string, work: () => void): void {
    const before = this.#indent;
    this.#indent += indent;
    work();
    this.#indent = before;
  }

  has(kind: Style["kind"]): boolean {
    return this.#open.some(({ style }) => style.kind === kind);
  }

  newLine(isBlankBefore = false): void {
    if (this.#length === 0) return;
    const most = isBlankBefore ? 2 : 1;
    while (this.#feeds < most) this.#put("\n");
  }

  done(): StyledText {
    const text = this.#pieces.join("").slice(0, this.#seen);
    // of two spans of equal length the inner one was closed first
    const spans = this.#spans.reverse().toSorted((a, b) => a.start - b.start || b.end - a.end);
    return { text, spans };
  }

  #putLine(line: string): void {
    const visible = line.trimStart();
    if (visible !== "" && this.#length === this.#line) this.#put(this.#indent);
    const start = this.#length + line.length - visible.length;
    for (const open of visible === "" ? [] : this.#open) {
      open.start ??= open.style.kind === "quote" ? this.#line : start;
    }
    this.#put(line);
  }

  #put(piece: string): void {
    if (piece === "") return;
    const visible = piece.trimEnd();
    if (visible !== "") this.#seen = this.#length + visible.length;
    let feeds = 0;
    while (piece[piece.length - 1 - feeds] === "\n") feeds++;
    this.#feeds = feeds === piece.length ? this.#feeds + feeds : feeds;
    const feed = piece.lastIndexOf("\n");
    if (feed >= 0) this.#line = this.#length + feed + 1;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** Ends the open styles of these kinds here; they begin again with the next visible sign. */
  #interrupt(isMeant: (kind: Style["kind"]) => boolean): void {
    for (const open of this.#open.toReversed()) if (isMeant(open.style.kind)) this.#close(open);
  }

  #close(open: Open): void {
    const { style, start } = open;
    delete open.start;
    if (start !== undefined) this.#spans.push({ style, start, end: this.#seen });
  }
}
