import type { Json } from "../domain/json.ts";

/** Steps that checking one text against one pattern may take, about. */
const STEPS = 20_000_000;

/**
 * How long texts may be so that every `pattern` in a schema is checked in bounded time, since a
 * schema may come from a model. A pattern with `n` unbounded repetitions takes at most
 * `length ** n` steps (one more when it is not tied to the start), unless a repetition contains a
 * choice or another repetition, or the pattern looks around or back: then `undefined`.
 */
export function findPatternLimit(schema: Json): number | undefined {
  let limit = Infinity;
  for (const pattern of patternsOf(schema)) {
    const degree = findDegree(pattern);
    if (degree === undefined) return undefined;
    if (degree > 0) limit = Math.min(limit, Math.floor(STEPS ** (1 / degree)));
  }
  return limit;
}

function patternsOf(schema: Json): string[] {
  if (schema === null || typeof schema !== "object") return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key === "pattern" && typeof value === "string") return [value];
    const names = key === "patternProperties" && value !== null && typeof value === "object"
      ? Object.keys(value)
      : [];
    return [...names, ...patternsOf(value)];
  });
}

interface Group {
  /** A repetition or a choice stands inside. */
  isBranching: boolean;
}

function findDegree(pattern: string): number | undefined {
  if (/\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</.test(pattern)) return undefined;
  const plain = pattern.replace(/\\./g, "x").replace(/\[[^\]]*\]/g, "x").replace(
    /\(\?:|\(\?<\w+>/g,
    "(",
  );
  const open: Group[] = [{ isBranching: false }];
  let closed: Group | undefined;
  let degree = pattern.startsWith("^") && !plain.includes("|") ? 0 : 1;
  for (let at = 0; at < plain.length; at++) {
    const repetition = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(plain.slice(at, at + 24))?.[0];
    if (repetition !== undefined && at > 0) {
      if (closed?.isBranching && repetition[0] !== "?") return undefined;
      if (isLong(repetition)) degree++;
      (open.at(-1) as Group).isBranching = true;
      at += repetition.length - 1;
      closed = undefined;
      continue;
    }
    closed = undefined;
    if (plain[at] === "(") open.push({ isBranching: false });
    if (plain[at] === "|") (open.at(-1) as Group).isBranching = true;
    if (plain[at] === ")" && open.length > 1) {
      closed = open.pop() as Group;
      if (closed.isBranching) (open.at(-1) as Group).isBranching = true;
    }
  }
  return degree;
}

/** Endless, or up to a count that is as good as endless. */
function isLong(repetition: string): boolean {
  const most = /(\d+)\}/.exec(repetition)?.[1];
  return /^[*+]|,\}/.test(repetition) || Number(most ?? 0) > 50;
}
