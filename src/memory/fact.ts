/** Something durable about the person. */
export interface Fact {
  /** One line. */
  readonly text: string;
  /** It came from a turn that took in untrusted text. */
  readonly marked: boolean;
}

/** Where facts come from. */
export interface FactSource {
  /** Id of the turn, or who else did it: `person`. */
  readonly turn: string;
  /** The turn took in untrusted text. */
  readonly marked?: boolean;
}

/** What became of facts that were to be remembered. */
export interface FactsAdded {
  readonly added: readonly Fact[];
  /** Said already, in the same or in more words. */
  readonly known: readonly string[];
  /** Empty, too long to be a fact, or over the limit of the memory. */
  readonly refused: readonly string[];
}

/** Characters of a fact at most: more is a text, not a fact. */
export const LONGEST_FACT = 500;

/**
 * A fact as it is kept: one line without control characters, bullet or comment.
 * @returns `undefined` when there is no word in it or it is longer than {@linkcode LONGEST_FACT}
 */
export function cleanFact(text: string): string | undefined {
  const line = text.toWellFormed()
    .replaceAll(/<!--|-->/g, " ")
    .replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu, " ")
    .replaceAll(/\s+/g, " ")
    .replace(/^(?:[-*+#>]\s+|\s)+/, "")
    .trim();
  return /[\p{L}\p{N}]/u.test(line) && line.length <= LONGEST_FACT ? line : undefined;
}
