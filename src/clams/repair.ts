import type { Json, JsonObject } from "../domain/json.ts";
import { canonicalJson } from "../text/canonical_json.ts";
import { SLOTS, type SlotType } from "./_slots.ts";
import { keepableTemplate, matchTemplate, parseTemplate } from "./template.ts";

/** Types in the order in which they are tried: those that say most of a value first. */
const ORDER = (
  "integer number duration date time measure unit url arithmetic word path name text"
).split(" ") as readonly SlotType[];
/** Types whose value is not what was written. */
const REWORDED = "date time url".split(" ");

/** Combinations of types that are tried at most. */
const MOST_TRIES = 60;

/**
 * A proposed template as it may be kept, if it may: as it stands, or with other types of slots where
 * those read the values that were used (`{amount:word}` for the number 5 becomes `{amount:integer}`).
 */
export function repairedTemplate(
  text: string,
  request: string,
  inputs: JsonObject,
): string | undefined {
  const kept = keepableTemplate(text, request, inputs);
  if (kept !== undefined) return kept;
  const slots = [...text.matchAll(/\{([a-z]\w*)(?::([a-z]+))?\}/gi)];
  let tries: string[] = [text];
  for (const [slot, name = "", type = "word"] of slots) {
    const types = typesFor(inputs[name], type);
    tries = tries.flatMap((one) => types.map((fit) => one.replace(slot, `{${name}:${fit}}`)))
      .slice(0, MOST_TRIES);
  }
  for (const one of tries) {
    const repaired = keepableTemplate(one, request, inputs);
    if (repaired !== undefined) return repaired;
  }
  return undefined;
}

/** Types that may give this value, the proposed one first. */
function typesFor(value: Json | undefined, proposed: string): readonly SlotType[] {
  const fits = ORDER.filter((type) =>
    typeof value === "number"
      ? ["integer", "number", "duration"].includes(type)
      : typeof value === "string" &&
        (REWORDED.includes(type) || SLOTS[type].read(value) === value)
  );
  return fits.toSorted((a, b) => Number(b === proposed) - Number(a === proposed));
}

/** Why a template cannot be kept, in our words, for whoever proposed it. */
export function whyDropped(text: string, request: string, inputs: JsonObject): string {
  const template = parseTemplate(text);
  if (!template) {
    return "is no template: two words at least beside slots {name:type} of known types";
  }
  const found = matchTemplate(template, request);
  if (!found) return "does not fit the request in exactly one way";
  const name = [...new Set([...Object.keys(inputs), ...Object.keys(found)])]
    .find((one) => canonicalJson(inputs[one] ?? null) !== canonicalJson(found[one] ?? null)) ?? "";
  if (!Object.hasOwn(found, name)) return `has no slot for the input ${name}`;
  if (!Object.hasOwn(inputs, name)) return `has a slot ${name}, which is no input`;
  return `gives ${name} as ${JSON.stringify(found[name])}, the input is ${
    JSON.stringify(inputs[name])
  }`;
}
