import type { Json } from "../domain/json.ts";

/** A value in a JSON text, with the place where it stands. Offsets count UTF-16 code units. */
export interface JsonNode {
  readonly start: number;
  readonly end: number;
  readonly value: Json;
  /** Members in the order of the text, repeated keys included; only objects have them. */
  readonly members?: readonly JsonMember[];
  /** Items in order; only arrays have them. */
  readonly items?: readonly JsonNode[];
}

export interface JsonMember {
  readonly key: string;
  /** Where the key's quotation mark stands. */
  readonly start: number;
  readonly node: JsonNode;
}

/** What a text turned out to be: a value, or a mistake at an offset. */
export type JsonReading =
  | { readonly kind: "ok"; readonly node: JsonNode }
  | { readonly kind: "broken"; readonly offset: number; readonly message: string };

/** Deeper nesting than this is no configuration. */
const DEEPEST = 64;

const SPACE = /[ \t\r\n]*/y;
const TEXT = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*/uy;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;

class Mistake extends Error {
  constructor(readonly offset: number, message: string) {
    super(message);
  }
}

/**
 * Reads a JSON text (RFC 8259) and keeps the place of every value. Takes what `JSON.parse` takes,
 * up to a nesting of 64, and a byte order mark before it; unlike it, says where a mistake stands in
 * the same words on every engine.
 */
export function readJson(text: string): JsonReading {
  try {
    const start = text.startsWith("\ufeff") ? 1 : 0;
    const node = readValue(text, skip(text, start), 0);
    const end = skip(text, node.end);
    if (end < text.length) throw new Mistake(end, "expected the end of the file");
    return { kind: "ok", node };
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return { kind: "broken", offset: error.offset, message: error.message };
  }
}

/** Gives 1-based line and column of offsets; the text is looked through once for all of them. */
export function positionsIn(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [first, behind] = [0, starts.length];
    while (behind - first > 1) {
      const middle = (first + behind) >> 1;
      if ((starts[middle] ?? 0) <= offset) first = middle;
      else behind = middle;
    }
    return { line: first + 1, column: offset - (starts[first] ?? 0) + 1 };
  };
}

function readValue(text: string, start: number, depth: number): JsonNode {
  if (depth > DEEPEST) throw new Mistake(start, "this is nested too deeply");
  switch (text[start]) {
    case "{":
      return readObject(text, start, depth);
    case "[":
      return readArray(text, start, depth);
    case '"':
      return readText(text, start);
  }
  const end = match(NUMBER, text, start) ?? match(WORD, text, start);
  if (end === undefined) throw new Mistake(start, `expected a value${seen(text, start)}`);
  return { start, end, value: JSON.parse(text.slice(start, end)) };
}

function readObject(text: string, start: number, depth: number): JsonNode {
  const members: JsonMember[] = [];
  const end = readItems(text, start, "}", (at) => {
    if (text[at] !== '"') throw new Mistake(at, `expected a key in "…"${seen(text, at)}`);
    const key = readText(text, at);
    const colon = skip(text, key.end);
    if (text[colon] !== ":") throw new Mistake(colon, `expected ":"${seen(text, colon)}`);
    const node = readValue(text, skip(text, colon + 1), depth + 1);
    members.push({ key: key.value as string, start: at, node });
    return node.end;
  });
  const value = Object.fromEntries(members.map(({ key, node }) => [key, node.value]));
  return { start, end, value, members };
}

function readArray(text: string, start: number, depth: number): JsonNode {
  const items: JsonNode[] = [];
  const end = readItems(text, start, "]", (at) => {
    const node = readValue(text, at, depth + 1);
    items.push(node);
    return node.end;
  });
  return { start, end, value: items.map((node) => node.value), items };
}

/** Reads `open item, item … close` and returns the offset behind it. */
function readItems(
  text: string,
  start: number,
  close: string,
  readItem: (at: number) => number,
): number {
  let at = skip(text, start + 1);
  if (text[at] === close) return at + 1;
  while (true) {
    at = skip(text, readItem(at));
    if (text[at] === close) return at + 1;
    if (text[at] !== ",") {
      throw new Mistake(at, `expected "," or "${close}"${seen(text, at)}`);
    }
    const comma = at;
    at = skip(text, at + 1);
    if (text[at] === close) throw new Mistake(comma, `this "," has nothing after it`);
  }
}

function readText(text: string, start: number): JsonNode {
  const stop = match(TEXT, text, start) ?? start;
  if (text[stop] === '"') {
    return { start, end: stop + 1, value: JSON.parse(text.slice(start, stop + 1)) };
  }
  if (text[stop] === "\\") throw new Mistake(stop, "this escape is not known in JSON");
  if (stop >= text.length || text[stop] === "\n" || text[stop] === "\r") {
    throw new Mistake(start, 'this text has no closing "');
  }
  throw new Mistake(stop, "control characters must be escaped in a text");
}

function skip(text: string, offset: number): number {
  return match(SPACE, text, offset) ?? offset;
}

/** Where a sticky pattern's match from `offset` ends. */
function match(pattern: RegExp, text: string, offset: number): number | undefined {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** What stands there instead. Never more than one character: the text may hold keys. */
function seen(text: string, offset: number): string {
  if (offset >= text.length) return ", but the file ends here";
  if (/\/[/*]/.test(text.slice(offset, offset + 2))) return "; JSON has no comments";
  return text[offset] === "'" ? `; JSON wants " around texts` : "";
}
