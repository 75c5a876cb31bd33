import type { Json, JsonObject } from "../domain/json.ts";

/**
 * The complete members of a JSON object that was cut off, or that something stands around: the
 * longest beginning of the outermost object that ends behind a member. `undefined` when there is
 * no object or no complete member in it.
 */
export function readCutObject(text: string): JsonObject | undefined {
  const start = text.indexOf("{");
  if (start < 0) return undefined;
  const commas = commasIn(text, start);
  for (const end of [text.length, ...commas.reverse()]) {
    const object = parse(`${text.slice(start, end)}}`);
    if (object) return object;
  }
  return undefined;
}

/** Places of the commas between members of the outermost object, first to last. */
function commasIn(text: string, start: number): number[] {
  const commas: number[] = [];
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === "\\") at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) break;
    else if (character === "," && depth === 1) commas.push(at);
  }
  return commas;
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text);
    const isEmpty = Object.keys(value as JsonObject).length === 0;
    return isEmpty ? undefined : value as JsonObject;
  } catch {
    return undefined; // no JSON yet: the caller tries a shorter part
  }
}
