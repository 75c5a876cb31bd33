/** Unchanged lines that are shown around a change. */
const CONTEXT = 3;
/** Lines on both sides that are compared line by line; beyond, the whole stretch counts as changed. */
const LARGEST_TABLE = 4_000_000;

interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/**
 * What changed between two texts, as a unified diff with three lines of context; empty when they
 * are equal. Common beginnings and ends cost no more than reading them; where the rest is too
 * large to compare line by line, it is shown as removed and added as a whole.
 */
export function unifiedDiff(before: string, after: string, name: string): string {
  if (before === after) return "";
  const lines = compareLines(toLines(before), toLines(after));
  return [`--- ${name}`, `+++ ${name}`, ...hunks(lines)].join("\n") + "\n";
}

/** Number of lines that {@linkcode unifiedDiff} shows as removed or added. */
export function countChanges(diff: string): { readonly removed: number; readonly added: number } {
  const body = diff.split("\n").slice(2);
  return {
    removed: body.filter((line) => line.startsWith("-")).length,
    added: body.filter((line) => line.startsWith("+")).length,
  };
}

/** Lines with a mark on a last one that has no line feed, so that its loss is a change too. */
function toLines(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  else lines.push(`${lines.pop()}\n\\ No newline at end of file`);
  return lines;
}

function compareLines(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && before.at(-1 - end) === after.at(-1 - end)) end++;
  const same = (text: string): Line => ({ sign: " ", text });
  return [
    ...before.slice(0, start).map(same),
    ...compareMiddle(
      before.slice(start, before.length - end),
      after.slice(start, after.length - end),
    ),
    ...before.slice(before.length - end).map(same),
  ];
}

/** By the longest common subsequence, from a table that is filled from the end. */
function compareMiddle(before: readonly string[], after: readonly string[]): Line[] {
  const [height, width] = [before.length, after.length];
  const removed = (text: string): Line => ({ sign: "-", text });
  const added = (text: string): Line => ({ sign: "+", text });
  if (height * width > LARGEST_TABLE) return [...before.map(removed), ...after.map(added)];
  const row = width + 1;
  const common = new Uint32Array((height + 1) * row);
  for (let i = height - 1; i >= 0; i--) {
    for (let j = width - 1; j >= 0; j--) {
      common[i * row + j] = before[i] === after[j]
        ? common[(i + 1) * row + j + 1]! + 1
        : Math.max(common[(i + 1) * row + j]!, common[i * row + j + 1]!);
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < height && j < width) {
    if (before[i] === after[j]) {
      lines.push({ sign: " ", text: before[i++]! });
      j++;
    } else if (common[(i + 1) * row + j]! >= common[i * row + j + 1]!) {
      lines.push(removed(before[i++]!));
    } else lines.push(added(after[j++]!));
  }
  return [...lines, ...before.slice(i).map(removed), ...after.slice(j).map(added)];
}

/** Changes with their surroundings; changes close to each other share a hunk. */
function hunks(lines: readonly Line[]): string[] {
  const shown: string[] = [];
  let [oldLine, newLine] = [1, 1];
  for (let at = 0; at < lines.length;) {
    const change = nextChange(lines, at);
    if (change === undefined) break;
    const start = Math.max(at, change - CONTEXT);
    const end = endOfHunk(lines, change);
    oldLine += start - at;
    newLine += start - at;
    const hunk = lines.slice(start, end);
    const olds = hunk.filter(({ sign }) => sign !== "+").length;
    const news = hunk.filter(({ sign }) => sign !== "-").length;
    shown.push(`@@ -${range(oldLine, olds)} +${range(newLine, news)} @@`);
    for (const { sign, text } of hunk) shown.push(sign + text);
    oldLine += olds;
    newLine += news;
    at = end;
  }
  return shown;
}

function nextChange(lines: readonly Line[], from: number): number | undefined {
  for (let at = from; at < lines.length; at++) if (lines[at]!.sign !== " ") return at;
  return undefined;
}

function endOfHunk(lines: readonly Line[], change: number): number {
  let last = change;
  for (let at = change; at < lines.length && at - last <= 2 * CONTEXT; at++) {
    if (lines[at]!.sign !== " ") last = at;
  }
  return Math.min(lines.length, last + 1 + CONTEXT);
}

/** An empty range names the line before it. */
function range(line: number, count: number): string {
  if (count === 1) return `${line}`;
  return count === 0 ? `${line - 1},0` : `${line},${count}`;
}
