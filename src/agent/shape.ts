import type { Json } from "../domain/json.ts";

/** Depth, members of one value and parts in all to which a shape is described. */
const DEPTH = 5;
const MEMBERS = 24;
const PARTS = 200;

/**
 * The shape of data as a type: names and types, no values. Keys that do not stand literally in
 * the script, and that our tools do not declare (`own`), are foreign text themselves and become
 * `k1 … kn`, so that nothing of the data can speak to the model that reads the shape.
 */
export function describeShape(value: Json | undefined, script: string, own = ""): string {
  const names = new Map<string, string>();
  let parts = 0;
  const nameOf = (key: string): string => {
    if (/^[A-Za-z_$][\w$]*$/.test(key) && (standsIn(script, key) || declares(own, key))) {
      return key;
    }
    const known = names.get(key) ?? `k${names.size + 1}`;
    names.set(key, known);
    return known;
  };
  const shape = (value: Json | undefined, depth: number): string => {
    if (value === undefined) return "undefined";
    if (value === null) return "null";
    if (typeof value !== "object") return typeof value;
    if (depth >= DEPTH || parts > PARTS) return Array.isArray(value) ? "array" : "object";
    if (Array.isArray(value)) {
      const kinds = [...new Set(value.slice(0, MEMBERS).map((one) => shape(one, depth + 1)))];
      return `${kinds.length === 1 ? kinds[0] : `(${kinds.join(" | ")})`}[]`;
    }
    const members = Object.entries(value);
    const shown: string[] = [];
    for (const [key, one] of members) {
      if (shown.length === MEMBERS || ++parts > PARTS) break;
      shown.push(`${nameOf(key)}: ${shape(one, depth + 1)}`);
    }
    if (members.length > shown.length) shown.push("…");
    return `{ ${shown.join("; ")} }`;
  };
  return shape(value, 0);
}

/** Whether a declaration has a member of this name: those are ours. */
function declares(own: string, name: string): boolean {
  return own.includes(` ${name}: `) || own.includes(` ${name}?: `);
}

/** Whether a name stands in a text as a word of its own. */
export function standsIn(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`).test(text);
}
