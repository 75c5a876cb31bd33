/** A line that says something, with what stands indented below it. */
export interface TaskLine {
  /** Without its mark and its box. */
  readonly text: string;
  /** `undefined` where it has none. */
  readonly box: "open" | "ticked" | undefined;
  /** From 0. */
  readonly line: number;
  /** Lines that go on with it and are no points of a list. */
  readonly details: readonly string[];
  /** Points of a list below it. */
  readonly below: readonly TaskLine[];
}

interface Growing extends TaskLine {
  readonly details: string[];
  readonly below: Growing[];
  readonly indent: number;
  readonly isPoint: boolean;
}

/**
 * What of a page in Markdown can be a task, as a tree: no headings, quotes, comments, rules, or
 * fences that stand alone.
 */
export function taskLines(markdown: string): readonly TaskLine[] {
  const roots: Growing[] = [];
  /** What a line may go on with, each indented further than the one before it. */
  const open: Growing[] = [];
  /** The lines before this one go on with the last of them. */
  let isParagraph = false;
  for (const { line, indent, rest, next, isFenced } of pageLines(markdown)) {
    if (isFenced) {
      open.findLast((one) => indent > one.indent)?.details.push(rest);
      isParagraph = false;
      continue;
    }
    if (isNothing(rest, next)) {
      if (rest !== "" && indent === 0) open.length = 0;
      isParagraph = false;
      continue;
    }
    const { begins, ...point } = readPoint(rest);
    const above = isParagraph ? open.at(-1) : open.findLast((one) => indent > one.indent);
    if (!begins && above) {
      above.details.push(rest);
      continue;
    }
    closeFor(open, indent);
    const one: Growing = { ...point, line, indent, details: [], below: [] };
    (open.at(-1)?.below ?? roots).push(one);
    open.push(one);
    isParagraph = true;
  }
  return roots;
}

/** What begins anew goes on with the points that it is indented further than, and with nothing else. */
function closeFor(open: Growing[], indent: number): void {
  for (let last = open.at(-1); last && (!last.isPoint || last.indent >= indent);) {
    open.pop();
    last = open.at(-1);
  }
}

const POINT = /^(?:[-*+]|\d{1,9}[.)])(?:\s+(.*))?$/;
const BOX = /^\[(\s*|[^\]\s])\](?:\s+(.*))?$/;

/** `begins`: it goes on with no line before it. A box without a point does, and has none below it. */
function readPoint(
  rest: string,
): Pick<Growing, "text" | "box" | "isPoint"> & { readonly begins: boolean } {
  const point = POINT.exec(rest);
  const words = point ? point[1] ?? "" : rest;
  const box = BOX.exec(words);
  const kind = box ? (box[1]?.trim() === "" ? "open" : "ticked") : undefined;
  const isPoint = point !== null;
  return { text: box ? box[2] ?? "" : words, box: kind, isPoint, begins: isPoint || box !== null };
}

/** Whether a line says nothing that could be done; `next` is the one below it. */
function isNothing(rest: string, next: string): boolean {
  if (rest === "" || /^(?:#{1,6}(?:\s|$)|>|=+$)/.test(rest)) return true;
  if (/^([-*_])(?:\s*\1){2,}$/.test(rest)) return true; // a rule
  if (readPoint(rest).begins) return false;
  // a heading that is underlined, or what says what the list below it is about
  return /^\s*(?:=+|-+)\s*$/.test(next) || (rest.endsWith(":") && POINT.test(next.trim()));
}

interface PageLine {
  readonly line: number;
  readonly indent: number;
  /** Without comments, and without blanks around it. */
  readonly rest: string;
  readonly next: string;
  /** It stands in a fence, or begins or ends one. */
  readonly isFenced: boolean;
}

function* pageLines(markdown: string): Generator<PageLine> {
  const lines = markdown.replace(/^\ufeff/, "").split(/\r?\n/);
  let fence = "";
  let isComment = false;
  for (const [line, whole] of lines.entries()) {
    const indent = widthOf(/^\s*/.exec(whole)?.[0] ?? "");
    const next = lines[line + 1] ?? "";
    const mark = /^\s*(`{3,}|~{3,})/.exec(whole)?.[1] ?? "";
    if (fence !== "") {
      if (mark.startsWith(fence) && whole.trim() === mark) fence = "";
      yield { line, indent, rest: whole.trim(), next, isFenced: true };
      continue;
    }
    const said = withoutComments(whole, isComment);
    isComment = said.isOpen;
    if (!isComment && mark !== "" && said.text === whole) fence = mark;
    yield { line, indent, rest: said.text.trim(), next, isFenced: fence !== "" };
  }
}

function withoutComments(
  whole: string,
  isWithin: boolean,
): { readonly text: string; readonly isOpen: boolean } {
  const from = isWithin ? whole.indexOf("-->") : 0;
  if (from < 0) return { text: "", isOpen: true };
  const text = (isWithin ? whole.slice(from + 3) : whole).replace(/<!--.*?-->/g, "");
  const begin = text.indexOf("<!--");
  return begin < 0 ? { text, isOpen: false } : { text: text.slice(0, begin), isOpen: true };
}

function widthOf(space: string): number {
  return [...space].reduce((width, sign) => width + (sign === "\t" ? 4 : 1), 0);
}
