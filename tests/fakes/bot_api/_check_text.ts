// What Telegram takes as the text of a message, written from its Bot API's own description and not
// from what this program sends: https://core.telegram.org/bots/api#formatting-options

/** An entity as somebody sent it. */
export interface SentEntity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly language?: string;
}

/** A text as it was sent. */
export interface SentText {
  readonly text: string;
  readonly entities?: readonly SentEntity[];
  readonly parse_mode?: string;
}

/** What a person sees of it. */
export interface SeenText {
  readonly text: string;
  readonly entities: readonly SentEntity[];
}

/** Why a text was not taken: the description of the 400. */
export class TextRefused extends Error {
  override name = "TextRefused";
}

/** Kinds that may stand in each other and in others. */
const MARKS = ["bold", "italic", "underline", "strikethrough", "spoiler"];
const QUOTES = ["blockquote", "expandable_blockquote"];
const CODES = ["code", "pre"];
const KINDS = [...MARKS, ...QUOTES, ...CODES, "text_link", "custom_emoji"];

/** UTF-16 units of a text at most, and of a caption. */
export const LONGEST_TEXT = 4096;
export const LONGEST_CAPTION = 1024;
/** Bytes of what is sent as one text. */
const MOST_BYTES = 32_768;
/** Entities beyond are left out in silence; here they are refused. */
const MOST_ENTITIES = 100;

/**
 * Reads a text as Telegram does.
 * @throws {TextRefused} where it does not take it, or would leave a part of it out in silence
 */
export function readSentText(sent: SentText, longest = LONGEST_TEXT): SeenText {
  if (typeof sent.text !== "string") refuse("message text is empty");
  if (!sent.text.isWellFormed()) refuse("strings must be encoded in UTF-8");
  if (new TextEncoder().encode(sent.text).length > MOST_BYTES) refuse("Text is too long");
  const seen = sent.parse_mode === undefined
    ? { text: sent.text, entities: sent.entities ?? [] }
    : sent.parse_mode === "MarkdownV2"
    ? readMarkdownV2(sent.text)
    : refuse(`unsupported parse_mode "${sent.parse_mode}"`);
  checkText(seen.text, longest);
  checkEntities(seen);
  return seen;
}

function refuse(description: string): never {
  throw new TextRefused(description);
}

function checkText(text: string, longest: number): void {
  if (/^[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u.test(text)) {
    refuse("message text is empty");
  }
  if (text.length > longest) refuse("message is too long");
  // taken out or changed in silence, so that what is seen differs from what was sent
  // deno-lint-ignore no-control-regex
  if (/[\u0000-\u0008\u000b-\u001f\u2028-\u202e]/.test(text)) refuse("the text has controls");
}

/** Bounds, kinds and nesting of entities. */
function checkEntities({ text, entities }: SeenText): void {
  if (entities.length > MOST_ENTITIES) refuse(`${entities.length} entities`);
  for (const entity of entities) {
    const { offset, length, type } = entity;
    const where = `entity ${type} at ${offset}, ${length}`;
    if (!KINDS.includes(type)) refuse(`can't parse entities: unsupported type of ${where}`);
    if (!Number.isInteger(offset) || !Number.isInteger(length)) refuse(`${where} is no place`);
    if (offset < 0 || length < 1 || offset + length > text.length) refuse(`${where} is outside`);
    const inside = text.slice(offset, offset + length);
    if (!inside.isWellFormed()) refuse(`${where} cuts a character`);
    if (inside.trim() === "") refuse(`${where} has nothing to show`);
    if (type === "text_link") checkAddress(entity.url);
    else if (entity.url !== undefined) refuse(`${where} has an address`);
    if (entity.language !== undefined && type !== "pre") refuse(`${where} has a language`);
  }
  for (const [at, one] of entities.entries()) {
    for (const other of entities.slice(at + 1)) checkPair(one, other);
  }
}

function checkAddress(address: string | undefined): void {
  const url = URL.parse(address ?? "");
  if (!url || !/^https?:$/.test(url.protocol)) refuse(`Entity URL "${address}" is no link`);
  if (!/[.\]]/.test(url.hostname)) refuse(`Entity URL "${address}" has an invalid host`);
}

function checkPair(one: SentEntity, other: SentEntity): void {
  const [oneEnd, otherEnd] = [one.offset + one.length, other.offset + other.length];
  if (oneEnd <= other.offset || otherEnd <= one.offset) return;
  const oneHolds = one.offset <= other.offset && otherEnd <= oneEnd;
  const otherHolds = other.offset <= one.offset && oneEnd <= otherEnd;
  const names = `${one.type} and ${other.type} at ${other.offset}`;
  if (!oneHolds && !otherHolds) refuse(`${names} overlap`);
  if (one.type === other.type) refuse(`${names} stand in each other`);
  const kinds = [one.type, other.type];
  const has = (kind: readonly string[]) => kinds.some((type) => kind.includes(type));
  if (kinds.every((type) => QUOTES.includes(type))) refuse(`quotes stand in each other`);
  const isFree = kinds.every((type) => MARKS.includes(type)) || has(QUOTES) ||
    (has(MARKS) && !has(CODES));
  if (!isFree) refuse(`${names} cannot stand in each other`);
  const outer = oneHolds ? one : other;
  const inner = outer === one ? other : one;
  const isWrong = QUOTES.includes(inner.type) &&
    (CODES.includes(outer.type) || outer.type === "text_link") && !sameRange(one, other);
  if (isWrong) refuse(`a quote stands in ${outer.type}`);
}

function sameRange(one: SentEntity, other: SentEntity): boolean {
  return one.offset === other.offset && one.length === other.length;
}

/** Signs of which one alone opens a style, the longer ones first. */
const OPENERS: readonly (readonly [string, string])[] = [
  ["```", "pre"],
  ["__", "underline"],
  ["||", "spoiler"],
  ["*", "bold"],
  ["_", "italic"],
  ["~", "strikethrough"],
  ["`", "code"],
  ["[", "text_link"],
];
const RESERVED = "_*[]()~`>#+-=|{}.!";

interface Opened {
  readonly type: string;
  readonly offset: number;
  readonly byte: number;
  readonly language?: string;
}

/**
 * The text and the entities of a text in MarkdownV2.
 * @throws {TextRefused} as Telegram would: a sign without `\`, or a style without its end
 */
export function readMarkdownV2(source: string): SeenText {
  return new MarkdownV2Reader(source).read();
}

class MarkdownV2Reader {
  readonly #source: string;
  #at = 0;
  #text = "";
  readonly #open: Opened[] = [];
  readonly #entities: SentEntity[] = [];
  /** Nothing but carriage returns and ends of styles stand on this line so far. */
  #isLineStart = true;

  constructor(source: string) {
    this.#source = source;
  }

  read(): SeenText {
    while (this.#at < this.#source.length) this.#step();
    const quote = this.#open.at(-1);
    if (quote?.type === "blockquote") this.#close(this.#text.length);
    const left = this.#open.at(-1);
    if (left) this.#noEnd(left);
    const entities = this.#entities.reverse().toSorted((a, b) =>
      a.offset - b.offset || b.length - a.length
    );
    return { text: this.#text, entities };
  }

  #step(): void {
    const sign = this.#source[this.#at] ?? "";
    const next = this.#source.charCodeAt(this.#at + 1);
    if (sign === "\\" && next >= 1 && next <= 126) {
      this.#at += 1;
      return this.#literal();
    }
    const top = this.#open.at(-1)?.type;
    if (top === "pre" || top === "code") return this.#inCode(top, sign);
    if (sign === "\n") return this.#lineEnd();
    if (!RESERVED.includes(sign)) return this.#literal();
    if (this.#ends(top)) return;
    if (sign === ">" && this.#isLineStart && !this.#isQuoted()) {
      this.#push("blockquote", 1);
      return;
    }
    const opener = OPENERS.find(([mark]) => this.#source.startsWith(mark, this.#at));
    if (!opener) {
      refuse(
        `can't parse entities: Character '${sign}' is reserved and must be escaped with the preceding '\\'`,
      );
    }
    const [mark, type] = opener;
    if (type === "pre") return this.#openPre();
    this.#push(type, mark.length);
  }

  #literal(): void {
    const sign = this.#source[this.#at++] ?? "";
    this.#text += sign;
    if (sign !== "\r") this.#isLineStart = sign === "\n";
  }

  #inCode(type: string, sign: string): void {
    const mark = type === "pre" ? "```" : "`";
    if (sign !== "`") return this.#literal();
    if (!this.#source.startsWith(mark, this.#at)) {
      // a single one within lines of a program opens code, which never ends there
      this.#push("code", 1);
      return;
    }
    this.#at += mark.length;
    this.#close(this.#text.length);
  }

  #lineEnd(): void {
    this.#at++;
    this.#text += "\n";
    if (this.#isQuoted() && this.#source[this.#at] === ">") {
      this.#at++;
      this.#isLineStart = false;
      return;
    }
    if (this.#isQuoted()) {
      const top = this.#open.at(-1);
      if (top && top.type !== "blockquote") this.#noEnd(top);
      this.#close(this.#text.length);
    }
    this.#isLineStart = true;
  }

  #ends(top: string | undefined): boolean {
    const mark = OPENERS.find(([, type]) => type === top)?.[0];
    const is = (what: string) => this.#source.startsWith(what, this.#at);
    if (top === "text_link") {
      if (!is("]")) return false;
      this.#at++;
      this.#close(this.#text.length, this.#address());
      return true;
    }
    if (
      top === "blockquote" &&
      /^\|\|(?:\r?\n(?!>)|$)/.test(this.#source.slice(this.#at, this.#at + 5))
    ) {
      this.#at += 2;
      return true; // it can be opened out
    }
    if (mark === undefined || !is(mark) || (top === "italic" && is("__"))) return false;
    this.#at += mark.length;
    this.#close(this.#text.length);
    return true;
  }

  #address(): string {
    if (this.#source[this.#at] !== "(") return this.#text.slice(this.#open.at(-1)?.offset);
    const from = this.#at++;
    let address = "";
    for (; this.#source[this.#at] !== ")"; this.#at++) {
      if (this.#at >= this.#source.length) {
        refuse(`can't parse entities: Can't find end of a URL at byte offset ${this.#byte(from)}`);
      }
      const next = this.#source.charCodeAt(this.#at + 1);
      if (this.#source[this.#at] === "\\" && next >= 1 && next <= 126) this.#at++;
      address += this.#source[this.#at];
    }
    this.#at++;
    return address;
  }

  #openPre(): void {
    const [, language = ""] = /^([^\s`]*)/.exec(this.#source.slice(this.#at + 3)) ?? [];
    const isNamed = language !== "" && this.#source[this.#at + 3 + language.length] !== "`" &&
      this.#at + 3 + language.length < this.#source.length;
    this.#push("pre", 3 + (isNamed ? language.length : 0), isNamed ? language : undefined);
    const [feed = ""] = /^(?:\n\r|\r\n|\n|\r)/.exec(this.#source.slice(this.#at, this.#at + 2)) ??
      [];
    this.#at += feed.length;
  }

  #push(type: string, length: number, language?: string): void {
    const [offset, byte] = [this.#text.length, this.#at];
    this.#open.push({ type, offset, byte, ...(language === undefined ? {} : { language }) });
    this.#at += length;
  }

  #close(end: number, url?: string): void {
    const { type, offset, language } = this.#open.pop()!;
    if (end <= offset) return;
    // a link that leads nowhere is text
    if (url !== undefined && !/^https?:\/\/[^/]*\./i.test(url)) return;
    const more = { ...(url === undefined ? {} : { url }), ...(language ? { language } : {}) };
    this.#entities.push({ type, offset, length: end - offset, ...more });
  }

  #isQuoted(): boolean {
    return this.#open.some(({ type }) => type === "blockquote");
  }

  #noEnd({ type, byte }: Opened): never {
    return refuse(
      `can't parse entities: Can't find end of ${type} entity at byte offset ${this.#byte(byte)}`,
    );
  }

  #byte(at: number): number {
    return new TextEncoder().encode(this.#source.slice(0, at)).length;
  }
}

/**
 * The same entities in one form: without blanks at their ends, those beside each other that look the
 * same as one, in order.
 */
export function seenEntities({ text, entities }: SeenText): readonly SentEntity[] {
  const trimmed = entities.flatMap((entity) => {
    const inside = text.slice(entity.offset, entity.offset + entity.length);
    const length = inside.trimEnd().length;
    return length === 0 ? [] : [{ ...entity, length }];
  });
  const kinds = Map.groupBy(trimmed, ({ offset: _, length: __, ...kind }) => JSON.stringify(kind));
  const joined = [...kinds.values()].flatMap((all) => {
    const one: SentEntity[] = [];
    for (const entity of all.toSorted((a, b) => a.offset - b.offset)) {
      const last = one.at(-1);
      const isNext = last && last.offset + last.length === entity.offset && isMark(entity);
      if (isNext) one[one.length - 1] = { ...last, length: last.length + entity.length };
      else one.push(entity);
    }
    return one;
  });
  return joined.toSorted((a, b) =>
    a.offset - b.offset || b.length - a.length || (a.type < b.type ? -1 : 1)
  );
}

function isMark({ type }: SentEntity): boolean {
  return MARKS.includes(type);
}
