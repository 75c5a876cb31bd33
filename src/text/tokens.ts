import { estimateTokenCount } from "tokenx";

const encoder = new TextEncoder();

/** A run without a break that is longer than words are: base64, hashes, minified text. */
const UNBROKEN = /[\x21-\x7e]{40,}/g;

/**
 * About how many tokens a text has for a language model. Errs on the high side: measured against
 * OpenAI's o200k, words alone are 0.8 to 1.5 of the truth, so bytes/4 is the least, and long runs
 * without a break (base64), which word rules take for one word, count a token per 1.5 bytes.
 */
export function estimateTokens(text: string): number {
  let unbroken = 0;
  const broken = text.replace(UNBROKEN, (run) => {
    unbroken += run.length;
    return " ";
  });
  const words = Math.max(estimateTokenCount(broken), encoder.encode(broken).length / 4);
  return Math.ceil(words + unbroken / 1.5);
}
