/**
 * Characters that a terminal or a reader would not see as themselves: controls (C0 without line
 * feed and tab, DEL, C1), zero-width, bidirectional controls, separators, variation selectors,
 * tags, Hangul fillers, soft hyphen, byte order mark, lone surrogates.
 */
const UNSEEN =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

/** Makes everything unseen visible as `\u{…}`. Line feeds and tabs stay. */
export function escapeText(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** The same on one line: line feeds and tabs become visible too. */
export function escapeLine(text: string): string {
  return escapeText(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}
