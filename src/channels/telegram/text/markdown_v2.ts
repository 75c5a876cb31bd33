import type { StyledText, StyleSpan } from "./styled_text.ts";

/**
 * A message in Telegram's MarkdownV2: it shows the same text and the same styles. Every sign that
 * could mean something is written with `\` before it.
 */
export function toMarkdownV2({ text, spans }: StyledText): string {
  const source = new Source();
  const open: StyleSpan[] = [];
  let at = 0;
  const writeTo = (end: number) => {
    source.write(text.slice(at, end), open);
    at = end;
  };
  const closeUntil = (end: number) => {
    for (let last = open.at(-1); last && last.end <= end; last = open.at(-1)) {
      writeTo(last.end);
      open.pop();
      source.mark(closing(last), open);
    }
  };
  for (const span of spans) {
    closeUntil(span.start);
    writeTo(span.start);
    source.mark(opening(span), open);
    open.push(span);
  }
  closeUntil(text.length);
  writeTo(text.length);
  return source.done();
}

function opening({ style }: StyleSpan): string {
  switch (style.kind) {
    case "pre":
      return `\`\`\`${style.language ?? ""}\n`;
    case "link":
      return "[";
    case "quote":
      return ">";
    default:
      return MARKS[style.kind];
  }
}

function closing({ style }: StyleSpan): string {
  switch (style.kind) {
    case "pre":
      return "```";
    case "link":
      return `](${style.href.replace(/[)\\]/g, "\\$&")})`;
    case "quote":
      return "";
    default:
      return MARKS[style.kind];
  }
}

const MARKS = { bold: "*", italic: "_", underline: "__", strike: "~", code: "`" } as const;

class Source {
  readonly #pieces: string[] = [];

  write(text: string, open: readonly StyleSpan[]): void {
    if (text === "") return;
    const isCode = open.some(({ style }) => style.kind === "code" || style.kind === "pre");
    const isQuote = open.some(({ style }) => style.kind === "quote");
    const escaped = text.replace(isCode ? /[`\\]/g : /[_*[\]()~`>#+\-=|{}.!\\]/g, "\\$&");
    this.#pieces.push(isQuote ? escaped.replaceAll("\n", "\n>") : escaped);
  }

  /** `__` is read before `_`: nothing that shows keeps them apart. */
  mark(sign: string, open: readonly StyleSpan[]): void {
    if (sign === "") return;
    if (this.#pieces.at(-1) === "_" && sign.startsWith("_")) this.#pieces.push(nothing(open));
    this.#pieces.push(sign);
  }

  done(): string {
    return this.#pieces.join("");
  }
}

/** An empty style that is not open here. */
function nothing(open: readonly StyleSpan[]): string {
  const isOpen = (kind: StyleSpan["style"]["kind"]) =>
    open.some(({ style }) => style.kind === kind);
  return isOpen("bold") ? isOpen("strike") ? "||||" : "~~" : "**";
}
