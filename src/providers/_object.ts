import type { Json, JsonObject } from "../domain/json.ts";

/** How many places in a text are tried as the beginning of an object. */
const PLACES = 50;

/**
 * The JSON object in a model's answer: alone, in a fence, or with prose around it. When there are
 * several, the largest counts, since models quote small examples before they answer. `undefined`
 * when there is none, or when the last one was cut off: half an object is never completed, and
 * what stands inside it is not the answer.
 */
export function readObject(text: string): JsonObject | undefined {
  const whole = parseObject(text.trim());
  if (whole) return whole;
  let best = "";
  let found: JsonObject | undefined;
  let start = text.indexOf("{");
  for (let place = 0; start >= 0 && place < PLACES; place++) {
    const end = endOfObject(text, start);
    if (end === undefined && BEGINS_OBJECT.test(text.slice(start, start + 100))) return undefined;
    const candidate = text.slice(start, end ?? start);
    const object = candidate.length > best.length ? parseObject(candidate) : undefined;
    if (object) [best, found] = [candidate, object];
    start = text.indexOf("{", end ?? start + 1);
  }
  return found;
}

/** A brace as JSON opens an object, unlike one in prose or code. */
const BEGINS_OBJECT = /^\{\s*"/;

function parseObject(text: string): JsonObject | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const value: Json = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value)
      ? value as JsonObject
      : undefined;
  } catch {
    return undefined; // no JSON: the caller looks further
  }
}

/** Index behind the brace that closes the one at `start`; strings are skipped. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      if (end === undefined) return undefined;
      at = end;
    } else if (character === "{") {
      depth++;
    } else if (character === "}" && --depth === 0) {
      return at + 1;
    }
  }
  return undefined;
}

/** Index of the quote that closes the string at `start`. */
function endOfString(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return undefined;
}
