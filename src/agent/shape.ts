import type { Json } from "../domain/json.ts";

/** Depth and number of members to which a shape is described. */
const DEPTH = 5;
const MEMBERS = 24;

/**
 * The shape of data as a type: names and types, no values. Keys that do not stand literally in
 * the script are foreign text themselves and become `k1 … kn`, so that nothing of the data can
 * speak to the model that reads the shape.
 */
export function describeShape(value: Json | undefined, script: string): string {
  const names = new Map<string, string>();
  const nameOf = (key: string): string => {
    if (/^[A-Za-z_$][\w$]*$/.test(key) && standsIn(script, key)) return key;
    const known = names.get(key) ?? `k${names.size + 1}`;
    names.set(key, known);
    return known;
  };
  return shape(value, nameOf, 0);
}

function standsIn(script: string, word: string): boolean {
  return new RegExp(`(?<![\\w$])${word.replaceAll("$", "\\$")}(?![\\w$])`).test(script);
}

function shape(value: Json | undefined, nameOf: (key: string) => string, depth: number): string {
  if (value === undefined) return "undefined";
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  if (depth >= DEPTH) return Array.isArray(value) ? "array" : "object";
  if (Array.isArray(value)) {
    const kinds = [...new Set(value.slice(0, MEMBERS).map((one) => shape(one, nameOf, depth + 1)))];
    return `${kinds.length === 1 ? kinds[0] : `(${kinds.join(" | ")})`}[]`;
  }
  const members = Object.entries(value);
  const shown = members.slice(0, MEMBERS)
    .map(([key, one]) => `${nameOf(key)}: ${shape(one, nameOf, depth + 1)}`);
  if (members.length > MEMBERS) shown.push("…");
  return `{ ${shown.join("; ")} }`;
}
