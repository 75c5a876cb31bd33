import { isCommonWord } from "../text/common_words.ts";
import { wordsOf } from "../text/words.ts";
import { onlyPoints } from "./_light_words.ts";

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const THING = set("it its es la le lo el li ele ela 它");
const MANY = set("they them their theirs sie ihnen les los las leur gli elas eles их им");
const PERSON = set("he she him his her hers ihn ihm ihr lui него неё");

/** Where one clause ends and the next begins; marks do so too. */
const JOINTS = set("and then but und dann aber et puis y luego e poi и а потом");
/** Joints behind which a pronoun may stand at once: "when it is due". */
const SUBORDINATE = set(
  "when so if because before after while until wenn weil bevor nachdem quand si",
);
/** Behind these a pronoun may be anybody: "send it to them". */
const TOWARDS = set("to with for like than by about an zu mit für à avec pour con per para");

/** What stands in a request for a thing that it names itself. */
const NAMED = "x";

interface Clause {
  readonly words: string[];
  /** Things named behind its verb. */
  things: number;
  hasPerson: boolean;
  hasMany: boolean;
}

/**
 * The pieces of a request, with a name in place of each pronoun that stands for what an earlier
 * clause of the same request names: "convert people.json to CSV and save it as people.csv". A
 * clause names something when behind its verb there is a word that does more than point ("save the
 * summary and send it" names nothing), a person where that word is a name, many where it looks like
 * a plural. `isOpaque` tells paths, addresses and quoted texts.
 */
export function namePronouns(
  pieces: readonly string[],
  isOpaque: (piece: string) => boolean,
): readonly string[] {
  const before: Clause[] = [];
  let clause = emptyClause();
  return pieces.map((piece, at) => {
    const words = isOpaque(piece) ? [] : wordsOf(piece);
    const [word = ""] = words;
    const joins = JOINTS.has(word) || SUBORDINATE.has(word);
    if (joins || endsClause(pieces[at - 1] ?? "")) {
      before.push(clause);
      clause = emptyClause();
      if (SUBORDINATE.has(word)) clause.words.push(word);
      if (joins) return piece;
    }
    const isNamed = words.length === 1 && clause.words.length > 0 &&
      !TOWARDS.has(clause.words.at(-1) ?? "") && standsFor(word, before);
    note(clause, piece, isOpaque(piece) ? undefined : words);
    return isNamed ? NAMED + (/\P{L}*$/u.exec(piece)?.[0] ?? "") : piece;
  });
}

function emptyClause(): Clause {
  return { words: [], things: 0, hasPerson: false, hasMany: false };
}

function endsClause(piece: string): boolean {
  return /[,;:.!?]["'”’»]?$/u.test(piece);
}

function standsFor(word: string, before: readonly Clause[]): boolean {
  if (THING.has(word)) return before.some(({ things }) => things > 0);
  if (MANY.has(word)) return before.some(({ things, hasMany }) => hasMany || things > 1);
  return PERSON.has(word) && before.some(({ hasPerson }) => hasPerson);
}

/** Takes a piece into its clause; `words` is missing where it is opaque. */
function note(clause: Clause, piece: string, words: readonly string[] | undefined): void {
  if (!words) {
    clause.words.push(NAMED);
    clause.things++;
    return;
  }
  for (const word of words) {
    const isBare = isCommonWord(word) || onlyPoints([word]) || isPronoun(word);
    const isBehindVerb = clause.words.some((one) => !isCommonWord(one) && !SUBORDINATE.has(one));
    clause.words.push(word);
    if (isBare || !isBehindVerb) continue;
    clause.things++;
    clause.hasPerson ||= /^\p{Lu}\p{Ll}/u.test(piece);
    clause.hasMany ||= /\p{L}{3}(?:s|en)$/u.test(word);
  }
}

function isPronoun(word: string): boolean {
  return THING.has(word) || MANY.has(word) || PERSON.has(word);
}
