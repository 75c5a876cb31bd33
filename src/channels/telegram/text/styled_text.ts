/** How a stretch of a message looks. */
export type Style =
  | { readonly kind: "bold" | "italic" | "underline" | "strike" | "code" | "quote" }
  | { readonly kind: "pre"; readonly language?: string }
  | { readonly kind: "link"; readonly href: string };

/** A stretch in one style, in UTF-16 units of its text. */
export interface StyleSpan {
  readonly style: Style;
  readonly start: number;
  readonly end: number;
}

/**
 * What a person sees of a message. Spans stand in the order of their starts, the outer one first;
 * two of them lie beside or within each other. None ends with a blank, and only `pre` and `quote` may
 * begin with one.
 */
export interface StyledText {
  readonly text: string;
  readonly spans: readonly StyleSpan[];
}

/** A text in which nothing looks different. */
export function unstyled(text: string): StyledText {
  return { text: cleanText(text).trim(), spans: [] };
}

/**
 * Takes out what Telegram takes out itself, or what shows a text in another order than it is
 * written: lone surrogates and controls become U+FFFD, line separators line feeds, and bidirectional
 * embeddings, overrides and isolates go.
 */
export function cleanText(text: string): string {
  return text.toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, "")
    // deno-lint-ignore no-control-regex
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\ufffd");
}

/** Whether a person would see nothing of it. */
export function isUnseen(text: string): boolean {
  return /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u.test(text);
}
