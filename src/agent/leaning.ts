import type { Json, JsonObject } from "../domain/json.ts";
import { isCommonWord } from "../text/common_words.ts";
import { isUnspaced, wordsOf } from "../text/words.ts";
import { literalsOf } from "./literals.ts";

/** A program as it was written for a request. */
export interface WrittenFor {
  readonly script: string;
  readonly inputs: JsonObject;
  readonly inputSchema: JsonObject;
  /** Values in the rules for its calls: they count like those of the script. */
  readonly bounds: Json;
  /** What its writer says of the request. */
  readonly standsAlone: boolean;
}

/** What was in sight of its writer. */
export interface InSight {
  /** The request's own words, nothing that was put in by the house. */
  readonly request: string;
  /** What the person said before, and what was answered or summed up. Both empty: nothing. */
  readonly said: readonly string[];
  readonly answered: readonly string[];
  /** Words of the tools' declarations: they come from nobody. */
  readonly vocabulary: string;
}

/**
 * Whether a program answers its request only in the conversation in which it was written: its
 * writer says so, or a value that it used, or a text in it, came from what was said before and does
 * not stand in the request's own words. Without anything before it, only its writer can say so.
 * Errs on the side of yes: a wrong yes costs a question to a model, a wrong no a wrong answer.
 */
export function leansOnConversation(written: WrittenFor, sight: InSight): boolean {
  if (!written.standsAlone) return true;
  if (sight.said.length === 0 && sight.answered.length === 0) return false;
  const before = readBefore(sight);
  return usedValues(written).some(({ value, isDefault }) => isBorrowed(value, isDefault, before)) ||
    [...literalsOf(written.script), ...textsIn(written.bounds)]
      .some((literal) => isTakenUp(literal, before));
}

interface Before {
  readonly own: readonly string[];
  readonly ownNumbers: readonly number[];
  readonly said: ReadonlySet<string>;
  readonly answered: ReadonlySet<string>;
  /** Words that an answer writes like names, where no sentence begins. */
  readonly names: ReadonlySet<string>;
  /** Words of each answer with a space around each. */
  readonly answers: readonly string[];
  readonly vocabulary: ReadonlySet<string>;
}

function readBefore({ request, said, answered, vocabulary }: InSight): Before {
  const own = wordsOf(request);
  return {
    own,
    ownNumbers: (request.match(/\d+(?:\.\d+)?/g) ?? []).map(Number),
    said: new Set(said.flatMap(wordsOf)),
    answered: new Set(answered.flatMap(wordsOf)),
    names: new Set(answered.flatMap(namesIn)),
    answers: answered.map((text) => ` ${wordsOf(text).join(" ")} `),
    vocabulary: new Set(wordsOf(vocabulary)),
  };
}

interface UsedValue {
  readonly value: Json;
  /** Whether the schema declares it as what holds when nothing is said. */
  readonly isDefault: boolean;
}

function usedValues({ inputs, inputSchema }: WrittenFor): UsedValue[] {
  const defaults = defaultsOf(inputSchema);
  const given = Object.entries(inputs).map(([name, value]) => ({
    value,
    isDefault: Object.hasOwn(defaults, name) &&
      JSON.stringify(defaults[name]) === JSON.stringify(value),
  }));
  const filled = Object.entries(defaults).filter(([name]) => !Object.hasOwn(inputs, name));
  return [...given, ...filled.map(([, value]) => ({ value, isDefault: true }))];
}

function defaultsOf({ properties }: JsonObject): JsonObject {
  if (properties === null || typeof properties !== "object") return {};
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) =>
      schema !== null && typeof schema === "object" && "default" in schema
        ? [[name, schema.default as Json]]
        : []
    ),
  );
}

/** Whether a value is neither in the request's own words nor made from them. */
function isBorrowed(value: Json, isDefault: boolean, before: Before): boolean {
  if (value === null || typeof value === "boolean") return false;
  if (typeof value === "object") {
    return Object.values(value).some((inner) => isBorrowed(inner, isDefault, before));
  }
  if (typeof value === "number") return isBorrowedNumber(value, isDefault, before);
  const foreign = wordsOf(value).filter((word) => !isOwn(word, before));
  if (foreign.length === 0) return false;
  if (foreign.some((word) => wasSaid(word, before))) return true;
  return !isDefault && !isDerived(value, foreign, before);
}

function isBorrowedNumber(value: number, isDefault: boolean, before: Before): boolean {
  if (before.ownNumbers.includes(Math.abs(value))) return false;
  if (wordsOf(String(value)).every((word) => wasSaid(word, before))) return Math.abs(value) > 1;
  // "2 minutes" are 120, "a dozen" is 12
  const mayBeDerived = before.ownNumbers.length > 0 || before.own.some((word) => NUMBERS.has(word));
  return !isDefault && !mayBeDerived;
}

const NUMBERS: ReadonlySet<string> = new Set(
  ("one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty " +
    "hundred thousand million half quarter third dozen pair once twice double a an " +
    "ein eine einen zwei drei vier fünf sechs sieben acht neun zehn elf zwölf hundert tausend halb")
    .split(" "),
);

/** `EUR` from "euros", `BTC` from "bitcoin", `files/a.txt` from "a.txt", a day from "Friday". */
function isDerived(value: string, foreign: readonly string[], before: Before): boolean {
  if (/^\d{4}-\d{2}-\d{2}|^\d{1,2}:\d{2}/.test(value)) return true; // never matched on another day
  if (wordsOf(value).length > foreign.length) return true;
  return foreign.every((word) => before.own.some((own) => isShortFor(word, own)));
}

function isShortFor(word: string, own: string): boolean {
  if (word.length >= 3 && (own.startsWith(word) || word.startsWith(own) && own.length >= 3)) {
    return true;
  }
  if (word.length < 2 || word.length > 5 || word[0] !== own[0]) return false;
  let at = 0;
  for (const letter of own) if (letter === word[at]) at++;
  return at === word.length;
}

/** Whether a text of the script takes up what was said or answered before. */
function isTakenUp(literal: string, before: Before): boolean {
  const words = wordsOf(literal);
  const telling = words.filter((word) => isTelling(word, before));
  const foreign = telling.filter((word) => !isOwn(word, before));
  if (foreign.length === 0) return false;
  if (foreign.some((word) => before.said.has(word))) return true;
  const names = new Set(namesIn(literal));
  const isName = (word: string) => before.names.has(word) || names.has(word) || isSpecial(word);
  if (foreign.some((word) => before.answered.has(word) && isName(word))) return true;
  const isWhole = /^[\p{L}\p{N}]$|^[\p{L}\p{N}].*[\p{L}\p{N}]$/su.test(literal) &&
    telling.length === foreign.length;
  return isWhole && isPhraseOf(literal, words, before);
}

/** Whether an answer holds the whole text, which is no mere "fine" that was the whole answer. */
function isPhraseOf(literal: string, words: readonly string[], { answers }: Before): boolean {
  const phrase = ` ${words.join(" ")} `;
  const isMereWord = words.length === 1 && literal === literal.toLowerCase();
  return answers.some((answer) => answer.includes(phrase) && !(isMereWord && answer === phrase));
}

/** Numbers of one or two digits, words of tools and words that hold sentences together tell nothing. */
function isTelling(word: string, { vocabulary }: Before): boolean {
  if (/^\p{N}+$/u.test(word)) return word.length > 2;
  return !vocabulary.has(word) && !isCommonWord(word) && (word.length > 1 || isUnspaced(word));
}

/** Ids, numbers, and scripts in which names look like other words. */
function isSpecial(word: string): boolean {
  return /\p{N}/u.test(word) || word.length > 15 || !/\p{Lu}/u.test(word.toUpperCase());
}

/** Words with a capital letter where no sentence begins, or of capitals alone. */
function namesIn(text: string): string[] {
  const written = text.matchAll(
    /(?<=[^.!?:\s\p{P}]\s+\p{P}?)\p{Lu}[\p{L}\p{M}\p{N}]*|(?<![\p{L}\p{N}])\p{Lu}{2,}(?![\p{L}\p{N}])/gu,
  );
  return [...written].flatMap(([word]) => wordsOf(word));
}

function isOwn(word: string, { own }: Before): boolean {
  return own.some((one) => one === word || isPlural(one, word) || isPlural(word, one));
}

function isPlural(plural: string, singular: string): boolean {
  return singular.length > 2 && (plural === `${singular}s` || plural === `${singular}es`);
}

function wasSaid(word: string, { said, answered }: Before): boolean {
  return said.has(word) || answered.has(word);
}

function textsIn(value: Json): string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(textsIn);
}
