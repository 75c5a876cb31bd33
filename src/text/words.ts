/** Scripts that are written without spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Made for the first text that needs it: that takes 12 ms. */
let segmenter: Intl.Segmenter | undefined;

/**
 * The words of a text in their order, for comparing texts: NFKC, lower case, letters, marks and
 * digits only. Scripts without spaces are cut by the Unicode word rules (UAX #29).
 */
export function wordsOf(text: string): string[] {
  const plain = text.normalize("NFKC").toLowerCase();
  const runs = plain.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return UNSPACED.test(plain) ? runs.flatMap(cut) : runs;
}

/** Whether words of this text may stand together without a space. */
export function isUnspaced(text: string): boolean {
  return UNSPACED.test(text.normalize("NFKC"));
}

function cut(run: string): string[] {
  if (!UNSPACED.test(run)) return [run];
  segmenter ??= new Intl.Segmenter("und", { granularity: "word" });
  return [...segmenter.segment(run)].map(({ segment }) => segment);
}
