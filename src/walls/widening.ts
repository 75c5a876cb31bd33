import { AUTHORITY, type Authority, type WidensWhen } from "../config/authority.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { canonicalJson } from "../text/canonical_json.ts";

type Value = Json | undefined;

/**
 * What a change of the whole configuration allows that was not allowed before, in sentences. A key
 * of which nothing is declared gives more rights with every change.
 */
export function wideningSentences(before: Json, after: Json): string[] {
  const paths = new Set([...leavesOf(before, []), ...leavesOf(after, [])]);
  const sentences = [...paths].flatMap((path) => {
    const [old, young] = [valueAt(before, path), valueAt(after, path)];
    if (isEqual(old, young)) return [];
    const authority = authorityOf(path);
    return authority !== "none" && WIDENS[authority.when](old, young) ? [authority.sentence] : [];
  });
  return [...new Set(sentences)];
}

/** Whether going from the first value to the second gives more rights; they are not equal. */
const WIDENS: Readonly<Record<WidensWhen, (before: Value, after: Value) => boolean>> = {
  true: (_, after) => after === true,
  false: (_, after) => after === false,
  higher: (before, after) => before !== undefined && !isAtMost(after, before),
  "not higher": (before, after) => before === undefined || !isAtMost(before, after),
  more: hasMore,
  fewer: (before, after) => hasMore(after, before),
  "more or all": (before, after) =>
    before !== undefined && (after === undefined || hasMore(before, after)),
  address: (_, after) => after !== undefined,
  "distant address": (_, after) => after !== undefined && !isOfThisMachine(after),
  any: () => true,
};

function isEqual(one: Value, other: Value): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalJson(one) === canonicalJson(other);
}

function isAtMost(one: Value, other: Value): boolean {
  return typeof one === "number" && typeof other === "number" && one <= other;
}

/** Whether the second list holds something that the first does not. */
function hasMore(before: Value, after: Value): boolean {
  const known = new Set((Array.isArray(before) ? before : []).map(canonicalJson));
  return (Array.isArray(after) ? after : []).some((one) => !known.has(canonicalJson(one)));
}

function isOfThisMachine(address: Json): boolean {
  const host = typeof address === "string" ? URL.parse(address)?.hostname : undefined;
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host ?? "");
}

/** A path of the configuration; the names in it may hold dots themselves. */
type Path = string;

const SEPARATOR = "\0";

/** The paths of all keys below a value: what is declared ends there, whatever lies in it. */
function leavesOf(value: Value, steps: readonly string[]): Path[] {
  const path = steps.join(SEPARATOR);
  const isSection = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isSection || findAuthority(steps) !== undefined) return [path];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...steps, name]));
}

function valueAt(value: Json, path: Path): Value {
  return path.split(SEPARATOR).reduce<Value>(
    (at, name) =>
      at !== null && typeof at === "object" && !Array.isArray(at)
        ? (at as JsonObject)[name]
        : undefined,
    value,
  );
}

function authorityOf(path: Path): Authority {
  const steps = path.split(SEPARATOR);
  const sentence = `${steps.join(".")} changes what programs may do.`;
  return findAuthority(steps) ?? { when: "any", sentence };
}

/** What is declared of a key; one of its names may be the person's own. */
function findAuthority(steps: readonly string[]): Authority | undefined {
  const whole = steps.join(".");
  if (Object.hasOwn(AUTHORITY, whole)) return AUTHORITY[whole];
  return steps.map((_, index) => steps.with(index, "<name>").join("."))
    .filter((path) => Object.hasOwn(AUTHORITY, path)).map((path) => AUTHORITY[path])[0];
}
