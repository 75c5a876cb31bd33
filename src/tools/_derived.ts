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
  const holds = (value: string) => piecesOf(value).some((piece) => isIn(piece, texts));
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

function isIn(piece: string, texts: readonly string[]): boolean {
  return texts.some((text) => text.includes(piece));
}
