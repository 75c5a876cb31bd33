/** Unchanged lines that are shown around a change. */
const CONTEXT = 3;
/** Lines on both sides that are compared line by line; beyond, the whole stretch counts as changed. */
const LARGEST_TABLE = 4_000_000;
/** Lines that are looked for among those at most; with more, the whole stretch counts too. */
const MOST_CHANGES = 1_000;

/** Lines from one place on, as a diff shows them. */
interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: readonly string[];
}

/**
 * What changed between two texts, as a unified diff with three lines of context; empty when they
 * are equal. Common beginnings and ends cost no more than reading them; where the rest is too
 * large to compare line by line, it is shown as removed and added as a whole.
 */
export async function unifiedDiff(before: string, after: string, name: string): Promise<string> {
  if (before === after) return "";
  const [old, young] = [toLines(before), toLines(after)];
  const shorter = Math.min(old.length, young.length);
  let start = 0;
  while (start < shorter && old[start] === young[start]) start++;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === young.at(-1 - end)) end++;
  const from = Math.max(0, start - CONTEXT);
  const [oldEnd, newEnd] = [old.length - end, young.length - end];
  const table = (oldEnd - start) * (newEnd - start);
  const found = table > 0 && table <= LARGEST_TABLE
    ? await compare(old.slice(from, oldEnd + CONTEXT), young.slice(from, newEnd + CONTEXT))
    : undefined;
  const hunks = found ?? [wholeHunk(old.slice(start, oldEnd), young.slice(start, newEnd), {
    before: old.slice(from, start),
    after: old.slice(oldEnd, oldEnd + CONTEXT),
  })];
  return [`--- ${name}`, `+++ ${name}`, ...hunks.map((hunk) => formatHunk(hunk, from))]
    .join("\n") +
    "\n";
}

/** Number of lines that {@linkcode unifiedDiff} shows as removed or added. */
export function countChanges(diff: string): { readonly removed: number; readonly added: number } {
  const body = diff.split("\n").slice(2);
  return {
    removed: body.filter((line) => line.startsWith("-")).length,
    added: body.filter((line) => line.startsWith("+")).length,
  };
}

/** Lines with their line feeds, so that the loss of the last one is a change too. */
function toLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** `undefined` where too much has changed. */
async function compare(
  old: readonly string[],
  young: readonly string[],
): Promise<readonly Hunk[] | undefined> {
  const { structuredPatch } = await import("diff");
  const options = { context: CONTEXT, maxEditLength: MOST_CHANGES };
  return structuredPatch("", "", old.join(""), young.join(""), "", "", options)?.hunks;
}

function wholeHunk(
  removed: readonly string[],
  added: readonly string[],
  around: { readonly before: readonly string[]; readonly after: readonly string[] },
): Hunk {
  const same = around.before.length + around.after.length;
  const parts = [[" ", around.before], ["-", removed], ["+", added], [" ", around.after]] as const;
  return {
    oldStart: 1,
    oldLines: removed.length + same,
    newStart: 1,
    newLines: added.length + same,
    lines: parts.flatMap(([sign, lines]) => lines.map((line) => sign + shown(line))),
  };
}

function shown(line: string): string {
  return line.endsWith("\n") ? line.slice(0, -1) : `${line}\n\\ No newline at end of file`;
}

/** `offset` lines stand before the first that was compared. */
function formatHunk({ oldStart, oldLines, newStart, newLines, lines }: Hunk, offset: number) {
  const ranges = `-${range(oldStart + offset, oldLines)} +${range(newStart + offset, newLines)}`;
  return `@@ ${ranges} @@\n${lines.join("\n")}`;
}

/** An empty range names the line before it. */
function range(line: number, count: number): string {
  if (count === 1) return `${line}`;
  return count === 0 ? `${line - 1},0` : `${line},${count}`;
}
