import { isQuoted, THOUGHT_MARKS } from "./_thought_marks.ts";

// Some chat templates write the mark that opens thoughts into the prompt: what arrives is thoughts
// up to a mark that closes them.

/** Marks that can close without having been opened; channels have a heading of their own. */
const PAIRED = THOUGHT_MARKS.filter(({ opens, closes, closedBefore }) =>
  closedBefore === undefined && opens.length === 1 && closes.length === 1
);

const MARKS = new RegExp(
  PAIRED.flatMap(({ opens, closes }) => [...opens, ...closes])
    .sort((a, b) => b.length - a.length).map((mark) => RegExp.escape(mark)).join("|"),
  "gi",
);

/** The heading of an answer in the harmony format; it may stand behind thoughts without one. */
const HEADING =
  /(?:<\|start\|>assistant)?<\|channel\|>final[^<]{0,40}(?:<\|constrain\|>[^<]{0,40})?<\|message\|>/gi;

/** The same where the server has taken the marks out and left their names. */
const BARE_HEADINGS = /^\s*analysis(?=[A-Z"'“])[^]*assistantfinal/;

/** Index behind the thoughts that a text begins with though no mark opens them; 0: none. */
export function endOfUnopened(text: string): number {
  const bare = BARE_HEADINGS.exec(text)?.[0].length ?? 0;
  // channels from the beginning on are opened properly
  const heading = /^\s*<\|(?:start|channel)\|>/.test(text) ? 0 : headingIn(text);
  return Math.max(bare, heading, endByMark(text));
}

function headingIn(text: string): number {
  const headings = [...text.matchAll(HEADING)].filter(({ index, 0: { length } }) =>
    !isQuoted(text, index, index + length) && !isSpokenOf(text, index, index + length)
  );
  return headings.at(-1)?.index ?? 0;
}

function endByMark(text: string): number {
  const code = codeIn(text);
  let block = 0;
  let end = 0;
  let open: { readonly close: string; readonly lineEnd: number } | undefined;
  for (const { 0: found, index } of text.matchAll(MARKS)) {
    const behind = index + found.length;
    while ((code[block]?.[1] ?? index + 1) <= index) block++;
    if ((code[block]?.[0] ?? behind) <= index) continue;
    if (isQuoted(text, index, behind) || isInCode(text, index, behind)) continue;
    const mark = found.toLowerCase();
    if (open && index > open.lineEnd) open = undefined;
    const opening = PAIRED.find(({ opens }) => opens[0] === mark);
    if (opening) open ??= { close: opening.closes[0]!, lineEnd: reachOf(text, index) };
    else if (open?.close === mark) open = undefined;
    else if (!open && !isSpokenOf(text, index, behind)) end = behind;
  }
  return end;
}

/** How far an opening mark reaches: at a line's beginning without an end, else to the line's. */
function reachOf(text: string, index: number): number {
  return lineBefore(text, index).trim() === "" ? text.length : lineEnd(text, index);
}

/** From where to where there are blocks of code; one that is never closed is none. */
function codeIn(text: string): (readonly [from: number, to: number])[] {
  const blocks = text.matchAll(/^[ \t]*(```|~~~)[^\n]*\n(?:[^]*?\n)?[ \t]*\1/gm);
  return [...blocks].map(({ 0: block, index }) => [index, index + block.length] as const);
}

function isInCode(text: string, from: number, to: number): boolean {
  const ticks = lineBefore(text, from).split("`").length - 1;
  return ticks % 2 === 1 && text.slice(to, lineEnd(text, to)).includes("`");
}

/**
 * Whether a mark is a word in a sentence, such as "the mark </think> ends thoughts": there are
 * blanks or punctuation around it, and no sentence has ended in front of it.
 */
function isSpokenOf(text: string, from: number, to: number): boolean {
  const before = lineBefore(text, from);
  if (before.trim() === "") return false;
  const spaced = /[\s(\[*_|]$/.test(before) &&
    /^(?:[ \t.,;:!?)\]*_|–—-]|$)/.test(text.slice(to, to + 1));
  const sentence = before.trimEnd();
  return spaced && (/^\s*\d+\.$/.test(sentence) || !/[.!?…。！？]$/.test(sentence));
}

/** Characters of a line that are looked at on each side of a mark. */
const REACH = 400;

function lineBefore(text: string, index: number): string {
  const before = text.slice(Math.max(0, index - REACH), index);
  return before.slice(before.lastIndexOf("\n") + 1);
}

function lineEnd(text: string, index: number): number {
  const after = text.slice(index, index + REACH);
  const end = after.indexOf("\n");
  return index + (end < 0 ? after.length : end);
}
