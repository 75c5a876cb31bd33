/** An edit of a text, or what hinders it. */
export type Edit =
  | { readonly kind: "edited"; readonly text: string; readonly occurrences: number }
  /** `nearest` is the line of the text that is most like the wanted one. */
  | { readonly kind: "absent"; readonly nearest: string | undefined };

/** Replaces the first occurrence of `wanted`, which is not empty. Takes time linear in both. */
export function editText(text: string, wanted: string, replacement: string): Edit {
  const places = occurrencesOf(wanted, text);
  const [at] = places;
  if (at === undefined) return { kind: "absent", nearest: findNearestLine(text, wanted) };
  const edited = text.slice(0, at) + replacement + text.slice(at + wanted.length);
  return { kind: "edited", text: edited, occurrences: places.length };
}

/**
 * Where a text occurs, without overlaps. By Knuth, Morris and Pratt: the engine's own `indexOf`
 * takes minutes for long texts that repeat themselves, and programs choose both.
 */
function occurrencesOf(wanted: string, text: string): number[] {
  const borders = bordersOf(wanted);
  const places: number[] = [];
  for (let [at, matched] = [0, 0]; at < text.length; at++) {
    const code = text.charCodeAt(at);
    while (matched > 0 && wanted.charCodeAt(matched) !== code) matched = borders[matched - 1]!;
    if (wanted.charCodeAt(matched) === code) matched++;
    if (matched < wanted.length) continue;
    places.push(at + 1 - wanted.length);
    matched = 0;
  }
  return places;
}

/** For each beginning of the text: the length of its longest end that is a beginning too. */
function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length);
  for (let [at, matched] = [1, 0]; at < text.length; at++) {
    const code = text.charCodeAt(at);
    while (matched > 0 && text.charCodeAt(matched) !== code) matched = borders[matched - 1]!;
    if (text.charCodeAt(matched) === code) matched++;
    borders[at] = matched;
  }
  return borders;
}

/** Longest piece of a line that is compared and shown. */
const PIECE = 120;
/** Share of pairs of letters that must agree for a line to count as near. */
const NEAR = 0.5;

/**
 * The line that shares most pairs of letters with the first line of `wanted` that has words (the
 * Sørensen–Dice coefficient). One pass over the text, a fixed amount of work for each letter.
 */
export function findNearestLine(text: string, wanted: string): string | undefined {
  const sample = wanted.split("\n").map((line) => line.trim()).find((line) => line !== "")
    ?.slice(0, PIECE);
  if (sample === undefined || sample.length < 2) return undefined;
  const pairs = countPairs(sample);
  const seen = new Map<number, number>();
  let [best, nearest] = [NEAR, undefined as string | undefined];
  for (const line of linesOf(text)) {
    const score = similarity(line.slice(0, PIECE), sample.length, pairs, seen);
    if (score > best) [best, nearest] = [score, line.slice(0, PIECE)];
  }
  return nearest;
}

function* linesOf(text: string): Generator<string> {
  for (let at = 0; at <= text.length;) {
    const end = text.indexOf("\n", at);
    const stop = end < 0 ? text.length : end;
    yield text.slice(at, stop).trim();
    at = stop + 1;
  }
}

function countPairs(text: string): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  for (let at = 0; at < text.length - 1; at++) {
    const pair = pairAt(text, at);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

function similarity(
  line: string,
  length: number,
  pairs: ReadonlyMap<number, number>,
  seen: Map<number, number>,
): number {
  const total = line.length + length - 2;
  if (line.length < 2 || 2 * (Math.min(line.length, length) - 1) / total <= NEAR) return 0;
  seen.clear();
  let common = 0;
  for (let at = 0; at < line.length - 1; at++) {
    const pair = pairAt(line, at);
    const available = pairs.get(pair);
    if (available === undefined) continue;
    const used = seen.get(pair) ?? 0;
    if (used < available) common++;
    seen.set(pair, used + 1);
  }
  return 2 * common / total;
}

function pairAt(text: string, at: number): number {
  return text.charCodeAt(at) * 0x10000 + text.charCodeAt(at + 1);
}
