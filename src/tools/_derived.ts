import type { DerivedField, Preview } from "../approvals/approver.ts";
import type { Json, JsonObject } from "../domain/json.ts";

/** A call as it is shown, and what the program gave for it. */
export interface ShownArguments {
  readonly preview: Preview;
  /** As the program made them. */
  readonly args: JsonObject;
}

/** Where the words of a call can come from. */
export interface Origins {
  /** What the run has read of others. */
  readonly read: readonly Json[];
  /** What is not of others: the program's source and inputs, and what the person said. */
  readonly own: readonly string[];
}

/**
 * Names of the fields that hold text that a run has read of others, so that the person looks at them
 * twice; `change` stands for the lines that a diff adds. It is certain for a word that the program
 * gave, that stands in what was read, and is none of the run's own words. A field with any other word
 * of the program that is none of those may hold such text, changed beyond recognition. What has no
 * mark consists of the run's own words, and of those that the tool adds.
 */
export function findDerived(
  { preview, args }: ShownArguments,
  { read, own }: Origins,
): DerivedField[] {
  if (read.length === 0) return [];
  const ownWords = new Set(own.flatMap(wordsIn));
  const given = new Set(leavesOf(args).flatMap(asShown).flatMap(wordsIn));
  const isOfOthers = createReadBefore(read.flatMap(leavesOf));
  const added = preview.diff?.split("\n").filter((line) => /^\+(?!\+\+ )/.test(line))
    .map((line) => line.slice(1)).join("\n");
  const fields = [
    ...preview.fields,
    ...(added === undefined ? [] : [{ name: "change", value: added }]),
  ];
  return fields.flatMap(({ name, value }) => {
    const words = wordsIn(value).filter((word) => given.has(word) && !ownWords.has(word));
    return words.length > 0 ? [{ name, isCertain: isOfOthers(words) }] : [];
  });
}

/** Keys, texts and numbers, as texts. */
function leavesOf(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, one]) => [key, ...leavesOf(one as Json)]);
}

/** A text, and as tools write it where it is an address. */
function asShown(text: string): string[] {
  return URL.canParse(text) ? [text, new URL(text).href] : [text];
}

/** Words, and the parts between the signs of addresses, data and programs; each once. */
function wordsIn(text: string): string[] {
  const pieces = decoded(text.replace(/\\[nrtbf]/g, " ")).toLowerCase().split(BETWEEN);
  return [...new Set(pieces.map((piece) => piece.replace(AROUND, "")))].filter(Boolean);
}

const BETWEEN = /[\s"'`<>(){}[\],;|/?&=#:$\\]+/;
/** Signs that end sentences, or quote. */
const AROUND = /^[.!…*_~-]+|[.!…*_~-]+$/g;

/** Percent signs taken out, where they are well-formed. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (coded) => {
    try {
      return decodeURIComponent(coded);
    } catch {
      return coded;
    }
  });
}

/** Shorter words are found wherever somebody writes. */
const SHORTEST = 3;
/** Words of this length are found inside of others too. */
const LONG = 6;
/** Characters that are compared for one question: well under a second. */
const MOST_COMPARED = 300_000_000;
/** Characters of texts that are cut into words for one question. */
const MOST_CUT = 8_000_000;

/**
 * Whether one of some words stands in the texts: as a word, and a long one anywhere in them as far
 * as that does not take too long.
 */
function createReadBefore(texts: readonly string[]): (words: readonly string[]) => boolean {
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  const known = new Set(length > MOST_CUT ? [] : texts.flatMap(wordsIn));
  const lower = texts.map((text) => text.toLowerCase());
  let left = MOST_COMPARED;
  return (words) => {
    if (words.some((word) => word.length >= SHORTEST && known.has(word))) return true;
    const long = words.filter((word) => word.length >= LONG);
    left -= long.length * length;
    return left >= 0 && long.some((word) => lower.some((text) => text.includes(word)));
  };
}
