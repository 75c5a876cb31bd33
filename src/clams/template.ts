import type { Json, JsonObject } from "../domain/json.ts";
import { canonicalJson } from "../text/canonical_json.ts";
import { SLOTS, type SlotType } from "./_slots.ts";
import { type Chunk, normalizeRequest, readRequest } from "./request.ts";

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
  const parts = trimSentence(text).split(/\s+/);
  const pieces = parts.map(readPiece);
  if (pieces.includes(undefined)) return undefined;
  const template = { pieces: pieces as Piece[] };
  const names = template.pieces.flatMap((piece) => piece.kind === "slot" ? [piece.name] : []);
  const isSound = names.length > 0 && names.length <= MOST_SLOTS &&
    new Set(names).size === names.length && countLiteralWords(template) >= 2;
  return isSound ? template : undefined;
}

/**
 * Holds a request against a template: the inputs, or `undefined` when it does not fit or fits in
 * more than one way. Literals compare normalised, values keep their spelling. Time grows linearly
 * with the request.
 */
export function matchTemplate(template: Template, request: string): JsonObject | undefined {
  return matchChunks(template, request, readRequest(request));
}

/** The same for a request that was cut into chunks before. */
export function matchChunks(
  { pieces }: Template,
  request: string,
  chunks: readonly Chunk[],
): JsonObject | undefined {
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

/**
 * Whether a proposed template may be kept: it fits the very request that it came from, in one way,
 * and gives exactly the inputs that were used.
 */
export function keepTemplate(text: string, request: string, inputs: JsonObject): boolean {
  const template = parseTemplate(text);
  const found = template && matchTemplate(template, request);
  return found !== undefined && canonicalJson(found) === canonicalJson(inputs);
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
  if (piece.kind === "slot" && piece.type === "text") {
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
  return start < end ? SLOTS[piece.type].read(request.slice(start, end)) : undefined;
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
export function anchorsIn(chunks: readonly Chunk[]): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { key, raw } of chunks) {
    anchors.add(key);
    for (const length of [1, 2]) {
      anchors.add(`^${normalizeWord(raw.slice(0, length))}`);
      anchors.add(`${normalizeWord(raw.slice(-length))}$`);
    }
  }
  return anchors;
}
