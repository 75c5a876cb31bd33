import type { Json, JsonObject } from "../domain/json.ts";
import { canonicalJson } from "../text/canonical_json.ts";
import { SLOTS, type SlotType } from "./_slots.ts";
import {
  type Chunk,
  isSentenceMark,
  normalizeRequest,
  readRequest,
  readWhole,
  unquoteSentence,
} from "./request.ts";

/** One piece between white space: a literal, or a slot with letters stuck to it. */
export type Piece =
  | { readonly kind: "literal"; readonly key: string }
  | {
    readonly kind: "slot";
    readonly name: string;
    readonly type: SlotType;
    /** Normalised text before and after the slot without white space between: `{a:number}%`. */
    readonly prefix: string;
    readonly suffix: string;
  };

/** A request with typed slots, taken apart. */
export interface Template {
  readonly pieces: readonly Piece[];
  /** The mark with which the sentence itself ends, if the template says so. */
  readonly ending: string;
}

/** A request as it is held against templates. */
export interface Reading {
  readonly text: string;
  /** Without the punctuation around the sentence. */
  readonly chunks: readonly Chunk[];
  /** With every character. */
  readonly whole: readonly Chunk[];
}

/** Reads a request once for many templates. */
export function readForTemplates(text: string): Reading {
  return { text, chunks: readRequest(text), whole: readWhole(text) };
}

const LONGEST = 500;
const MOST_SLOTS = 8;

/**
 * Reads `price of {symbol:word} in {currency:word}`. `undefined` when it is no template: no slot,
 * unknown types, a name twice, two slots without white space between, fewer than two literal
 * words, or over 500 characters.
 */
export function parseTemplate(text: string): Template | undefined {
  if (text.length > LONGEST) return undefined;
  const sentence = trimSentence(text);
  const parts = sentence.split(/\s+/);
  const pieces = parts.map(readPiece);
  if (pieces.includes(undefined)) return undefined;
  const ending = foldMark(text.trim().slice(sentence.length).trim().at(-1) ?? "");
  const template = { pieces: pieces as Piece[], ending };
  const names = template.pieces.flatMap((piece) => piece.kind === "slot" ? [piece.name] : []);
  const isSound = names.length > 0 && names.length <= MOST_SLOTS &&
    new Set(names).size === names.length && countLiteralWords(template) >= 2;
  return isSound ? template : undefined;
}

/**
 * Holds a request against a template: the inputs, or `undefined` when it does not fit or fits in
 * more than one way. Literals compare normalised, values keep their spelling. A text at the end
 * keeps every character, but for the one mark with which the template itself ends. Time grows
 * linearly with the request.
 */
export function matchTemplate(template: Template, request: string): JsonObject | undefined {
  return matchReading(template, readForTemplates(request));
}

/** The same for a request that was read before. */
export function matchReading(template: Template, reading: Reading): JsonObject | undefined {
  const { pieces } = template;
  const { text: request } = reading;
  const chunks = chunksFor(template, reading);
  if (chunks.length < pieces.length) return undefined;
  const table = [[1, ...chunks.map(() => 0)]];
  for (const piece of pieces) {
    const ways = step(piece, table.at(-1) as number[], request, chunks);
    if (!ways.some((count) => count > 0)) return undefined;
    table.push(ways);
  }
  if (table.at(-1)?.[chunks.length] !== 1) return undefined;
  return readBack(pieces, table, request, chunks);
}

/** The chunks with as much of the punctuation around the sentence as belongs to texts in slots. */
function chunksFor({ pieces, ending }: Template, { chunks, whole }: Reading): readonly Chunk[] {
  const last = pieces.at(-1);
  const ended = last && isText(last) && last.suffix === "" ? withoutMark(whole, ending) : chunks;
  const [first, ...rest] = ended;
  const begin = pieces[0] && isText(pieces[0]) ? whole[0] : chunks[0];
  return first && begin ? [{ ...begin, end: first.end }, ...rest] : ended;
}

function isText(piece: Piece): piece is SlotPiece {
  return piece.kind === "slot" && piece.type === "text";
}

/** Without one such mark at the end. */
function withoutMark(whole: readonly Chunk[], mark: string): readonly Chunk[] {
  const last = whole.at(-1);
  if (!last || mark === "" || foldMark(last.raw.at(-1) ?? "") !== mark) return whole;
  const rest = whole.slice(0, -1);
  const raw = last.raw.slice(0, -1);
  return raw === "" ? rest : [...rest, { ...last, raw, end: last.end - 1 }];
}

/** Full-width marks are the same ones. */
function foldMark(mark: string): string {
  return mark === "。" || mark === "｡" ? "." : mark.normalize("NFKC");
}

/**
 * Whether a proposed template may be kept: it fits the very request that it came from, in one way,
 * and gives exactly the inputs that were used.
 */
export function keepTemplate(text: string, request: string, inputs: JsonObject): boolean {
  const template = parseTemplate(text);
  const found = template && matchTemplate(template, request);
  return found !== undefined && canonicalJson(found) === canonicalJson(inputs);
}

/**
 * A proposed template as it may be kept, if it may: as it stands, or with the mark with which the
 * request ends, where that is no part of the inputs.
 */
export function keepableTemplate(
  text: string,
  request: string,
  inputs: JsonObject,
): string | undefined {
  const mark = request.trimEnd().at(-1) ?? "";
  const forms = isSentenceMark(mark) ? [text, `${text}${mark}`] : [text];
  return forms.find((form) => keepTemplate(form, request, inputs));
}

function trimSentence(text: string): string {
  return text.trim().replace(/[.?!…,;:。？！]+$/u, "").trimEnd();
}

function readPiece(text: string): Piece | undefined {
  const parts = /^([^{}]*)\{([a-z][a-z0-9_]{0,63})(?::([a-z]+))?\}([^{}]*)$/i.exec(text);
  if (!parts) return /[{}]/.test(text) ? undefined : { kind: "literal", key: normalizeWord(text) };
  const [, prefix = "", name = "", type = "word", suffix = ""] = parts;
  if (!Object.hasOwn(SLOTS, type)) return undefined;
  return {
    kind: "slot",
    name,
    type: type as SlotType,
    prefix: normalizeWord(prefix),
    suffix: normalizeWord(suffix),
  };
}

/** A literal inside a sentence keeps its comma: only the end of a request is trimmed. */
function normalizeWord(text: string): string {
  return text === "" ? "" : normalizeRequest(`${text} x`).slice(0, -2);
}

/** Scripts without spaces between words: each character counts as one. */
const UNSPACED = "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}";
const WORD = new RegExp(`[${UNSPACED}]|[\\p{L}\\p{N}][^'${UNSPACED}]*`, "gu");

/** Slots that take only what no ordinary sentence holds; each counts as a word. */
const TELLING: readonly SlotType[] = ["arithmetic", "measure"];

/** Words that stand in the template itself, or as good as that. */
export function countLiteralWords({ pieces }: Template): number {
  const telling = pieces.filter((piece) => piece.kind === "slot" && TELLING.includes(piece.type));
  const texts = pieces.flatMap((piece) =>
    piece.kind === "literal" ? [piece.key] : [piece.prefix, piece.suffix]
  );
  return telling.length + texts.flatMap((text) => text.match(WORD) ?? []).length;
}

/** `ways[k]`: in how many ways (2 = many) the pieces so far cover the first `k` chunks. */
function step(
  piece: Piece,
  before: readonly number[],
  request: string,
  chunks: readonly Chunk[],
): number[] {
  const ways = chunks.map(() => 0).concat(0);
  const add = (at: number, count: number) => ways[at] = Math.min(2, (ways[at] ?? 0) + count);
  if (piece.kind === "slot" && SLOTS[piece.type].longest === Infinity) {
    let open = 0;
    chunks.forEach((chunk, at) => {
      if (startsRight(piece, chunk)) open = Math.min(2, open + (before[at] ?? 0));
      if (open > 0 && endsRight(piece, chunk)) add(at + 1, open);
    });
    return ways;
  }
  before.forEach((count, from) => {
    if (count === 0) return;
    const longest = piece.kind === "literal" ? 1 : SLOTS[piece.type].longest;
    for (let to = from + 1; to <= Math.min(from + longest, chunks.length); to++) {
      if (covers(piece, request, chunks, from, to)) add(to, count);
    }
  });
  return ways;
}

function covers(
  piece: Piece,
  request: string,
  chunks: readonly Chunk[],
  from: number,
  to: number,
): boolean {
  if (piece.kind === "literal") return chunks[from]?.key === piece.key;
  return readValue(piece, request, chunks, from, to) !== undefined;
}

type SlotPiece = Extract<Piece, { kind: "slot" }>;

function startsRight({ prefix }: SlotPiece, { raw }: Chunk): boolean {
  return prefix === "" || normalizeWord(raw.slice(0, prefix.length)) === prefix;
}

function endsRight({ suffix }: SlotPiece, { raw }: Chunk): boolean {
  return suffix === "" || normalizeWord(raw.slice(-suffix.length)) === suffix;
}

function readValue(
  piece: SlotPiece,
  request: string,
  chunks: readonly Chunk[],
  from: number,
  to: number,
): Json | undefined {
  const first = chunks[from] as Chunk;
  const last = chunks[to - 1] as Chunk;
  if (!startsRight(piece, first) || !endsRight(piece, last)) return undefined;
  const start = first.start + piece.prefix.length;
  const end = last.end - piece.suffix.length;
  if (start >= end) return undefined;
  const raw = request.slice(start, end);
  return SLOTS[piece.type].read(isText(piece) && to === chunks.length ? unquoteSentence(raw) : raw);
}

/** There is one way only, so the first that leads back is it. */
function readBack(
  pieces: readonly Piece[],
  table: readonly (readonly number[])[],
  request: string,
  chunks: readonly Chunk[],
): JsonObject | undefined {
  const inputs: [string, Json][] = [];
  let to = chunks.length;
  for (let at = pieces.length - 1; at >= 0; at--) {
    const piece = pieces[at] as Piece;
    const before = table[at] as readonly number[];
    let from = to - 1;
    while (from >= 0 && !(before[from] && covers(piece, request, chunks, from, to))) from--;
    if (from < 0) return undefined;
    if (piece.kind === "slot") {
      inputs.unshift([piece.name, readValue(piece, request, chunks, from, to) as Json]);
    }
    to = from;
  }
  return Object.fromEntries(inputs);
}

/**
 * Texts that every fitting request holds, for finding templates without trying each: literal
 * pieces as they are, letters stuck to a slot as `^ab` (before it) and `ab$` (after it).
 */
export function anchorsOf({ pieces }: Template): readonly string[] {
  const literals = pieces.flatMap((piece) => piece.kind === "literal" ? [piece.key] : []);
  const stuck = pieces.flatMap((piece) =>
    piece.kind === "slot"
      ? [
        ...piece.prefix === "" ? [] : [`^${piece.prefix.slice(0, 2)}`],
        ...piece.suffix === "" ? [] : [`${piece.suffix.slice(-2)}$`],
      ]
      : []
  );
  return [...new Set([...literals, ...stuck])];
}

/** All anchors under which a template that fits this request can stand. */
export function anchorsIn({ chunks, whole }: Reading): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { key, raw } of [...chunks, ...whole]) {
    anchors.add(key);
    for (const length of [1, 2]) {
      anchors.add(`^${normalizeWord(raw.slice(0, length))}`);
      anchors.add(`${normalizeWord(raw.slice(-length))}$`);
    }
  }
  return anchors;
}
