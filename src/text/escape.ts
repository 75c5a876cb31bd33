/**
 * Characters that a terminal or a reader would not see as themselves: controls (C0 without line
 * feed and tab, DEL, C1), zero-width, bidirectional controls, separators, variation selectors,
 * tags, Hangul fillers, soft hyphen, byte order mark, lone surrogates.
 */
const UNSEEN =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

/**
 * Emoji of one or more parts, and keycaps, as UTS #51 (ED-15a) composes them with variation
 * selector 16 and zero-width joiner. Tags, as in some flags, are not part of it: they hide text.
 */
const EMOJI = emoji();

/**
 * Makes everything unseen visible as `\u{…}`. Line feeds and tabs stay, and so does what holds the
 * parts of an emoji together. For answers and other text that a person only reads.
 */
export function escapeText(text: string): string {
  let escaped = "";
  let end = 0;
  for (const { 0: found, index } of text.matchAll(EMOJI)) {
    escaped += escapeStrictly(text.slice(end, index)) + found;
    end = index + found.length;
  }
  return escaped + escapeStrictly(text.slice(end));
}

/** The same without any exception: for what a person agrees to, and for programs. */
export function escapeStrictly(text: string): string {
  return text.replace(UNSEEN, toCode);
}

/**
 * For what a person agrees to: two texts that differ never look the same. Beside what
 * {@linkcode escapeStrictly} shows, every space but the usual one, a space at the end of a line,
 * marks that are not written in the usual composed form, and a text that poses as an escape.
 */
export function escapeExactly(text: string): string {
  const honest = text.replace(/\\(?=u\{)/g, "\\\\");
  const marked = text.normalize("NFC") === text ? honest : honest.replace(/\p{M}/gu, toCode);
  return escapeStrictly(marked).replace(/(?! )\p{Zs}|\u2800|\t|(?<=[^\n]) (?=\n|$)/gu, toCode);
}

function toCode(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

/** {@linkcode escapeStrictly} on one line: line feeds and tabs become visible too. */
export function escapeLine(text: string): string {
  return escapeStrictly(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** JSON text of the same value in which everything unseen is written as an escape of JSON's own. */
export function escapeJson(json: string): string {
  return json.replace(UNSEEN, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""));
}

function emoji(): RegExp {
  const part = String.raw`\p{Extended_Pictographic}\p{Emoji_Modifier}?\ufe0f?`;
  return new RegExp(String.raw`${part}(?:\u200d${part})*|[0-9#*]\ufe0f\u20e3`, "gu");
}
