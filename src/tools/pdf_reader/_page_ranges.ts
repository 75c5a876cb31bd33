/** Pages from the first to the second, both included; counted from 1. */
export type PageRange = readonly [from: number, to: number];

/** Ranges that one call may name. */
const MOST_RANGES = 100;

/**
 * Reads `3`, `1-5`, `7-` (to the end) and lists of these. The ranges come in order and do not
 * overlap; `undefined` when it is no such list.
 */
export function parsePageRanges(text: string): readonly PageRange[] | undefined {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.length > MOST_RANGES) return undefined;
  const ranges: PageRange[] = [];
  for (const part of parts) {
    const [, first, dash, last] = /^(\d{1,9})\s*(?:(-)\s*(\d{1,9})?)?$/.exec(part) ?? [];
    const from = Number(first);
    const to = dash === undefined ? from : last === undefined ? Infinity : Number(last);
    if (first === undefined || from < 1 || to < from) return undefined;
    ranges.push([from, to]);
  }
  return merged(ranges);
}

function merged(ranges: readonly PageRange[]): PageRange[] {
  const result: PageRange[] = [];
  for (const [from, to] of ranges.toSorted(([one], [other]) => one - other)) {
    const [start, end] = result.at(-1) ?? [0, -1];
    if (from > end + 1) result.push([from, to]);
    else result.splice(-1, 1, [start, Math.max(end, to)]);
  }
  return result;
}

/** The pages of the ranges that a document of so many pages has, one after the other. */
export function* pagesOf(ranges: readonly PageRange[], total: number): Generator<number> {
  for (const [from, to] of ranges) {
    for (let page = from; page <= Math.min(to, total); page++) yield page;
  }
}

/** Numbers in as few words as can be: `2, 4-6`. */
export function formatPages(pages: readonly number[]): string {
  return merged(pages.map((page) => [page, page]))
    .map(([from, to]) => from === to ? `${from}` : `${from}-${to}`).join(", ");
}
