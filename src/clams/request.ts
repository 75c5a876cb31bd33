/** A piece of a request between white space. Quoted spans hold together. */
export interface Chunk {
  /** As the person wrote it. */
  readonly raw: string;
  /** For comparing: see {@linkcode normalizeRequest}. */
  readonly key: string;
  /** Place in the request's text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** Characters; longer requests are never compared. */
const LONGEST = 10_000;

/**
 * The text by which two requests count as the same. What does not matter: Unicode presentation
 * forms (NFKC), case, surrounding and repeated white space, punctuation at the end. What stays as
 * it is: operators, digits, superscripts and fractions, quoted text, addresses (their host apart)
 * and words that look like paths or file names. Empty when nothing is left, or when the request is
 * longer than 10,000 characters.
 */
export function normalizeRequest(text: string): string {
  return readRequest(text).map((chunk) => chunk.key).join(" ");
}

/** Cuts a request into chunks, without the punctuation around the whole. Linear in its length. */
export function readRequest(text: string): readonly Chunk[] {
  if (text.length > LONGEST) return [];
  const spans = findSpans(text);
  const first = spans[0];
  if (first) first.start += /^[¿¡]*/u.exec(text.slice(first.start, first.end))?.[0].length ?? 0;
  while (spans.length > 0 && trimEnd(text, spans.at(-1) as Span)) spans.pop();
  return spans.filter((span) => span.start < span.end).map((span) => toChunk(text, span));
}

/** The same with every character that the person gave. */
export function readWhole(text: string): readonly Chunk[] {
  return text.length > LONGEST ? [] : findSpans(text).map((span) => toChunk(text, span));
}

function toChunk(text: string, span: Span): Chunk {
  const { start, end } = span;
  return { raw: text.slice(start, end), key: keyOf(text, span), start, end };
}

/** Whether a sentence may end with this character. */
export function isSentenceMark(character: string): boolean {
  return /^[.?!…,;:｡。？！，；：、؟،‽]$/.test(character);
}

/** The text inside quotes behind which nothing stands but the end of the sentence. */
export function unquoteSentence(raw: string): string {
  if (!Object.hasOwn(CLOSERS, raw[0] ?? "")) return raw;
  const closing = closingQuote(raw, 0);
  const isQuoted = closing !== undefined &&
    [...raw.slice(closing + 1)].every((character) => isSentenceMark(character));
  return isQuoted ? raw.slice(1, closing) : raw;
}

/** The text inside, when a piece is quoted as a whole; else the piece itself. */
export function unquote(raw: string): string {
  if (raw.length < 2 || !Object.hasOwn(CLOSERS, raw[0] as string)) return raw;
  return closingQuote(raw, 0) === raw.length - 1 ? raw.slice(1, -1) : raw;
}

interface Span {
  start: number;
  end: number;
  /** Opening and closing quote of each quoted part inside. */
  readonly quotes: (readonly [number, number])[];
}

/** Opening quotes and what closes them. */
const CLOSERS: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "`": "`",
  "“": "”",
  "„": "“”",
  "‘": "’",
  "«": "»",
  "「": "」",
  "『": "』",
};

function findSpans(text: string): Span[] {
  const spans: Span[] = [];
  const hopeless = new Set<string>();
  let span: Span | undefined;
  for (let at = 0; at < text.length; at++) {
    if (/\s/.test(text[at] as string)) {
      span = undefined;
      continue;
    }
    if (!span) spans.push(span = { start: at, end: at, quotes: [] });
    const closing = findClosing(text, span.start, at, hopeless);
    if (closing !== undefined) {
      span.quotes.push([at, closing]);
      at = closing;
    }
    span.end = at + 1;
  }
  return spans;
}

/** Where a quote that opens here closes. Each kind of quote is looked for only once in vain. */
function findClosing(
  text: string,
  start: number,
  at: number,
  hopeless: Set<string>,
): number | undefined {
  const quote = text[at] as string;
  if (!Object.hasOwn(CLOSERS, quote) || hopeless.has(quote)) return undefined;
  if (at > start && !"([{<=:,".includes(text[at - 1] as string)) return undefined;
  const closing = closingQuote(text, at);
  if (closing === undefined) hopeless.add(quote);
  return closing;
}

function closingQuote(text: string, opening: number): number | undefined {
  const quote = text[opening] as string;
  const closers = CLOSERS[quote] as string;
  const mayBeApostrophe = closers === quote || quote === "‘";
  for (let at = opening + 1; at < text.length; at++) {
    if (!closers.includes(text[at] as string)) continue;
    if (!mayBeApostrophe || /^(?:[^\p{L}\p{N}]|$)/u.test(text.slice(at + 1, at + 3))) return at;
  }
  return undefined;
}

/** Takes the sentence's own punctuation off the last span. True when nothing else was there. */
function trimEnd(text: string, span: Span): boolean {
  const least = (span.quotes.at(-1)?.[1] ?? span.start - 1) + 1;
  while (span.end > least) {
    const last = text[span.end - 1] as string;
    if (!isSentenceMark(last)) return false;
    const isFactorial = /[!！]/.test(last) && /[\p{N})]/u.test(text[span.end - 2] ?? "") &&
      span.end - 1 > span.start;
    if (isFactorial) return false;
    if (last === "." && /\/\.{1,2}$/.test(text.slice(span.start, span.end))) return false; // a path
    span.end--;
  }
  return span.end === span.start;
}

function keyOf(text: string, span: Span): string {
  let key = "";
  let from = span.start;
  for (const [opening, closing] of span.quotes) {
    key += keyOfPlain(text.slice(from, opening)) + `"${text.slice(opening + 1, closing)}"`;
    from = closing + 1;
  }
  return key + keyOfPlain(text.slice(from, span.end));
}

function keyOfPlain(text: string): string {
  const address = /https?:\/\/[^/?#]*/i.exec(text);
  if (address) {
    const host = address[0].includes("@") ? address[0] : address[0].toLowerCase();
    return foldWord(text.slice(0, address.index)) + host +
      text.slice(address.index + address[0].length);
  }
  return foldWord(text);
}

/** Folds a word of plain language; one that looks like a path, name or code keeps its case. */
function foldWord(text: string): string {
  const folded = foldForms(text).replaceAll(/[‘’]/g, "'");
  return /[/\\_=]|\p{L}\.\p{L}/u.test(folded) ? folded : foldForms(folded.toLowerCase());
}

/** Superscripts, subscripts, fractions and circled numbers: NFKC would turn `2²` into `22`. */
const MEANINGFUL_FORMS = /[\p{No}\u02b0-\u02ff\u1d2c-\u1d6a\u1d78\u1d9b-\u1dbf\u2070-\u209f]/u;

function foldForms(text: string): string {
  if (!MEANINGFUL_FORMS.test(text)) return text.normalize("NFKC");
  return [...text].map((character) =>
    MEANINGFUL_FORMS.test(character) ? character : character.normalize("NFKC")
  ).join("");
}
