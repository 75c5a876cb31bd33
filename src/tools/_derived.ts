import type { Preview } from "../approvals/approver.ts";
import type { Json } from "../domain/json.ts";

/** Shorter pieces are common words. */
const SHORTEST = 6;

/**
 * Names of the fields that hold pieces of text that a run has read of others, so that the person
 * looks at them twice; `change` stands for the lines that a diff adds. A hint, no proof: text that
 * a program has changed is not known again.
 */
export function findDerived(preview: Preview, read: readonly Json[]): string[] {
  const texts = read.flatMap(textsIn);
  const readBefore = createReadBefore(texts);
  const holds = (value: string) => readBefore(piecesOf(value));
  const added = preview.diff?.split("\n").filter((line) => /^\+(?!\+\+ )/.test(line))
    .map((line) => line.slice(1)).join("\n");
  return [
    ...preview.fields.filter(({ value }) => holds(value)).map(({ name }) => name),
    ...(added !== undefined && holds(added) ? ["change"] : []),
  ];
}

function textsIn(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, one]) => [key, ...textsIn(one as Json)]);
}

/** Words, and the parts between the signs of addresses and data. */
function piecesOf(value: string): string[] {
  const pieces = value.split(/[\s"'<>(){}[\],;|/?&=#:]+/);
  return [...new Set(pieces)].filter((piece) => piece.length >= SHORTEST);
}

/** Characters that are compared for one question: well under a second. */
const MOST_COMPARED = 300_000_000;
/** Characters of texts that are cut into pieces for one question. */
const MOST_CUT = 8_000_000;

/**
 * Whether one of some pieces stands in the texts: anywhere in them, and where that would take too
 * long, as a piece of theirs. Where even that would, it counts as there, so that the person looks.
 */
function createReadBefore(texts: readonly string[]): (pieces: readonly string[]) => boolean {
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  let left = MOST_COMPARED;
  let known: ReadonlySet<string> | undefined;
  return (pieces) => {
    left -= pieces.length * length;
    if (left >= 0) return pieces.some((piece) => texts.some((text) => text.includes(piece)));
    if (length > MOST_CUT) return pieces.length > 0;
    known ??= new Set(texts.flatMap(piecesOf));
    return pieces.some((piece) => known?.has(piece));
  };
}
