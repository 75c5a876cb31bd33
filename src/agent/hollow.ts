import type { Json, JsonObject } from "../domain/json.ts";
import { present, speaks } from "./present.ts";
import type { Satisfies } from "./result.ts";

/** Sentences that answer nothing. */
const FILLERS = ["Something else.", "Something else was said here instead. ".repeat(12).trim()];

/**
 * Whether a schema vouches for a worded result: the result satisfies it, and none of the hollow
 * results that look like it does. A schema that any sentence satisfies makes nothing certain.
 */
export async function vouchesFor(
  schema: JsonObject,
  value: Json | undefined,
  satisfies: Satisfies,
): Promise<boolean> {
  if (value === undefined || !speaks(value) || !await satisfies(schema, value)) return false;
  for (const hollow of hollowed(value)) {
    if (await satisfies(schema, hollow)) return false;
  }
  return true;
}

/** The same kinds of value with nothing in them. */
function hollowed(value: Json): Json[] {
  return FILLERS.flatMap((filler) => {
    const replies: Json[] = [filler, { reply: filler }];
    const { value: inner } = present(value);
    if (typeof value === "string" || inner === undefined) return replies;
    const members = [null, {}, [], emptied(inner, filler)];
    return [...replies, ...members.map((data) => ({ reply: filler, data }))];
  });
}

/** Texts say nothing, numbers are missing, lists have one element. */
function emptied(value: Json, filler: string): Json {
  if (typeof value === "string") return filler;
  if (Array.isArray(value)) return value.slice(0, 1).map((one: Json) => emptied(one, filler));
  if (value === null || typeof value !== "object") return null;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, emptied(one, filler)]));
}
