import { isUnseen, type StyledText, type StyleSpan } from "./styled_text.ts";

/** What one message holds at most. */
export interface MessageBounds {
  /** UTF-16 units of what is seen. */
  readonly mostUnits: number;
  /** Spans: Telegram leaves out the styles beyond. */
  readonly mostSpans: number;
  /** Letters of the addresses behind its links, for these are sent with it. */
  readonly mostAddresses: number;
}

/** What Telegram takes in one message. */
export const TELEGRAM_BOUNDS: MessageBounds = {
  mostUnits: 4096,
  mostSpans: 100,
  mostAddresses: 6_000,
};

/**
 * Cuts a text into messages, in order: between paragraphs where that leaves no message half empty,
 * else between lines, else between words, else between the signs that a person sees as one; only a
 * sign longer than a message is cut itself. What looked different goes on so in the next message, and
 * what is short and would be cut begins there. Blanks at a cut are left out, but for the lines of a
 * program. The time it takes grows with the text alone.
 */
export function splitText(
  { text, spans }: StyledText,
  bounds: MessageBounds = TELEGRAM_BOUNDS,
): readonly StyledText[] {
  const messages: StyledText[] = [];
  /** Those that begin at a later place; the ones before reach into it or have ended. */
  let next = 0;
  let open: readonly StyleSpan[] = [];
  for (let from = nextSeen(text, 0, spans[0]?.start); from < text.length;) {
    const reach = reachOf(text, from, spans, next, open, bounds);
    const around = [...open];
    while (next < spans.length && (spans[next]?.start ?? 0) < reach) around.push(spans[next++]!);
    const to = reach === text.length ? reach : cutOf(text, from, reach, around);
    const message = piece(text, from, to, around);
    if (message) messages.push(message);
    from = afterCut(text, to, around, spans[next]?.start);
    const later = around.filter((span) => span.start >= from);
    next -= later.length;
    open = around.filter((span) => span.start < from && span.end > from);
  }
  return messages;
}

/** How far a message that begins at `from` could reach. */
function reachOf(
  text: string,
  from: number,
  spans: readonly StyleSpan[],
  next: number,
  open: readonly StyleSpan[],
  { mostUnits, mostSpans, mostAddresses }: MessageBounds,
): number {
  const reach = Math.min(text.length, from + mostUnits);
  let addresses = open.reduce((sum, span) => sum + addressOf(span), 0);
  for (let at = next, count = open.length + 1;; at++, count++) {
    const span = spans[at];
    if (!span || span.start >= reach) return reach;
    addresses += addressOf(span);
    const isFull = count > mostSpans || addresses > mostAddresses;
    if (isFull && span.start > from) return span.start;
  }
}

function addressOf({ style }: StyleSpan): number {
  return style.kind === "link" ? style.href.length : 0;
}

/** Where to cut at the latest at `reach`. */
function cutOf(text: string, from: number, reach: number, around: readonly StyleSpan[]): number {
  const half = from + Math.ceil((reach - from) / 2);
  const wished = lastBreak(text, half, reach) ?? reach;
  // a short piece of code or a link, and a program that fits into a message, are not cut
  const cut = around.find(({ style, start, end }) =>
    start < wished && wished < end && end - start <= reach - from &&
    (style.kind === "pre" ? start > from : start >= half) && isUncut(style.kind)
  );
  return signStart(text, from, cut?.start ?? wished);
}

function isUncut(kind: StyleSpan["style"]["kind"]): boolean {
  return kind === "pre" || kind === "code" || kind === "link";
}

function lastBreak(text: string, half: number, reach: number): number | undefined {
  // a blank at the border itself is left out
  const window = text.slice(half, reach + 1);
  for (const sign of ["\n\n", "\n", " "]) {
    const at = window.lastIndexOf(sign);
    if (at >= 0) return half + at;
  }
  return undefined;
}

/** The beginning of what a person sees as one sign at this place. */
function signStart(text: string, from: number, at: number): number {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  const sign = segmenter.segment(text.slice(from, at + LONGEST_SIGN)).containing(at - from);
  if (sign && sign.index > 0) return from + sign.index;
  // one sign of more than a message: at least no unit pair is cut
  return /[\udc00-\udfff]/.test(text[at] ?? "") ? at - 1 : at;
}

/** Units after a place that are looked at to see what begins before it. */
const LONGEST_SIGN = 64;

/** Made for the first text that is cut: that takes 12 ms. */
let segmenter: Intl.Segmenter | undefined;

function piece(
  text: string,
  from: number,
  to: number,
  around: readonly StyleSpan[],
): StyledText | undefined {
  const seen = text.slice(from, to).trimEnd();
  if (isUnseen(seen)) return undefined;
  const spans = around.flatMap(({ style, start, end }) => {
    const inside = text.slice(Math.max(start, from), Math.min(end, from + seen.length));
    if (inside.trim() === "") return [];
    const keepsBlanks = style.kind === "pre" || style.kind === "quote" || start >= from;
    const blanks = keepsBlanks ? 0 : inside.length - inside.trimStart().length;
    const begin = Math.max(start, from) - from + blanks;
    return [{ style, start: begin, end: begin + inside.slice(blanks).trimEnd().length }];
  });
  return { text: seen, spans };
}

/** Where the next message begins, before `later` at the latest. */
function afterCut(
  text: string,
  cut: number,
  around: readonly StyleSpan[],
  later: number | undefined,
): number {
  const isProgram = around.some(({ style, start, end }) =>
    style.kind === "pre" && start < cut && cut < end
  );
  if (isProgram) return text[cut] === "\n" ? cut + 1 : cut;
  return nextSeen(text, cut, around.find(({ start }) => start >= cut)?.start ?? later);
}

function nextSeen(text: string, from: number, before = text.length): number {
  let at = from;
  while (at < before && /\s/.test(text[at] ?? "")) at++;
  // what stands on a blank would lose it
  return at > from && /^[\p{M}\p{Cf}]/u.test(text.slice(at, at + 2)) ? at - 1 : at;
}
