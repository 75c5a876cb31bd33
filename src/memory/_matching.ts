import { isUnspaced } from "../text/words.ts";
import type { Fact } from "./fact.ts";

/** English words that name no fact by themselves. */
const FUNCTION_WORDS = new Set(
  ("a about all am an and any are as at be been by can did do does fact facts for from had has " +
    "have i i'm in is it it's its me mine my of on or our please so that the their they this to " +
    "user was we were what when where which who with you your")
    .split(" "),
);

/** A longer fact with one of these says something else than its beginning. */
const TURNING_WORDS = new Set(
  ("aber anymore before but cannot except former formerly frueher früher jamais kein keine longer " +
    "never nicht nie no non not nunca ohne pas plus quit sans sin sino stopped until unless used " +
    "weniger without не нет никогда но больше без раньше")
    .split(" "),
);

/** What a new fact means for those already known. */
export type Merged =
  /** One of them says it already. */
  | { readonly kind: "known" }
  /** It is to be added, and says all that these say. */
  | { readonly kind: "new"; readonly replaces: readonly Fact[] };

/**
 * Compares a new fact with the known ones: equal but for case, white space and punctuation, or one
 * going on where the other ends ("Has a dog" and "Has a dog named Rex"). When in doubt both stay.
 * A marked fact never takes the place of an unmarked one, and never makes one superfluous.
 */
export function mergeFact(known: readonly Fact[], wanted: Fact): Merged {
  if (known.some((fact) => (wanted.marked || !fact.marked) && covers(fact.text, wanted.text))) {
    return { kind: "known" };
  }
  const replaces = known.filter((fact) =>
    (fact.marked || !wanted.marked) && covers(wanted.text, fact.text)
  );
  return { kind: "new", replaces };
}

/** The facts that a request to forget means: all its words that carry meaning stand in them. */
export function matchingFacts<F extends { readonly text: string }>(
  facts: readonly F[],
  request: string,
): F[] {
  const wanted = tokensOf(request);
  const exact = facts.filter(({ text }) => tokensOf(text).join(" ") === wanted.join(" "));
  if (exact.length > 0 && wanted.length > 0) return exact;
  const meaning = wanted.filter((word) => !FUNCTION_WORDS.has(word));
  if (meaning.length === 0) return [];
  return facts.filter(({ text }) => {
    const tokens = tokensOf(text);
    return meaning.every((word) =>
      tokens.some((token) => isLike(token, word) || (isUnspaced(word) && token.includes(word)))
    );
  });
}

/** Whether the longer fact says everything that the shorter one does. */
function covers(longer: string, shorter: string): boolean {
  const long = tokensOf(longer);
  const short = tokensOf(shorter);
  if (long.length === short.length) return long.every((word, index) => word === short[index]);
  if (isUnspaced(longer) || short.length < 2 || long.length < short.length) return false;
  return short.every((word, index) => word === long[index]) &&
    !long.slice(short.length).some((word) => TURNING_WORDS.has(word) || /n['’]t$/.test(word));
}

/** Two forms of one word: the same but for up to three letters at the end. */
function isLike(a: string, b: string): boolean {
  const [long, short] = a.length > b.length ? [a, b] : [b, a];
  return a === b ||
    short.length >= 4 && long.length - short.length <= 3 && long.startsWith(short) &&
      !/\d/.test(long);
}

/** Words with the signs that make them what they are ("C++", "-5"), without punctuation around. */
function tokensOf(text: string): string[] {
  return text.normalize("NFKC").toLowerCase().replaceAll("’", "'").split(/\s+/)
    .map((word) => word.replace(/^[\p{Ps}\p{Pi}"'.,;:!?…]+|[\p{Pe}\p{Pf}"'.,;:!?…。、]+$/gu, ""))
    .filter((word) => word !== "");
}
