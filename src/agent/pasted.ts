/** Characters of a message that somebody typed; more has been pasted. */
export const LONGEST_TYPED = 500;

/** Signs of text that was not typed: tags, fences, quotes, links, JSON, entities. */
export const MARKUP = /<[a-z!/][^>]*>|```|^\s*>|\]\(|^\s*[{[]\s*["{[]|&[a-z]+;/im;

/** A message taken apart. */
export interface Heard {
  /** What the person typed. */
  readonly words: string;
  /** What was pasted behind it: text of others. */
  readonly pasted?: string;
}

/** The person's words before a pasted text end with a colon: "Summarise this: …". */
const INTRODUCTION = /^[^:\n]{1,200}:(?=\s)/;

/**
 * Tells typed words from pasted text: a message of over 500 characters, or one of several lines
 * with markup, was pasted, up to a short introduction that ends with a colon.
 */
export function hear(text: string): Heard {
  const isTyped = text.length <= LONGEST_TYPED && !(text.includes("\n") && MARKUP.test(text));
  if (isTyped) return { words: text };
  const introduction = INTRODUCTION.exec(text)?.[0] ?? "";
  const words = MARKUP.test(introduction) ? "" : introduction;
  const pasted = text.slice(words.length).trim();
  return pasted === "" ? { words: text } : { words, pasted };
}
