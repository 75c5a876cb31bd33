import type { Json, JsonObject } from "../domain/json.ts";

/** A program's result, split into what the person reads and what programs get. */
export interface Presented {
  readonly reply: string;
  /** `undefined` when the program returned nothing. */
  readonly value: Json | undefined;
}

/**
 * Presents a result without a model. A string is the reply and the value; `{reply, data?}` is what
 * it says; anything else is a value, and the reply is its JSON text.
 */
export function present(value: Json | undefined): Presented {
  if (value === undefined) return { reply: "", value };
  if (typeof value === "string") return { reply: value, value };
  if (isReply(value)) return { reply: value.reply, value: value.data };
  const text = JSON.stringify(value);
  const room = 3 * text.length + 1000; // where it is nested deeply, most would be indentation
  const isAiry = indentation(value, 0, room) > room;
  return { reply: isAiry ? text : JSON.stringify(value, null, 2), value };
}

/** White space of a value laid out on lines, in characters; soon after `limit` it stops counting. */
function indentation(value: Json, level: number, limit: number): number {
  if (value === null || typeof value !== "object" || limit < 0) return 0;
  let spaces = 2 * level + 1;
  for (const one of Object.values(value)) {
    spaces += 2 * level + 3 + indentation(one, level + 1, limit - spaces);
    if (spaces > limit) break;
  }
  return spaces;
}

/** The same in a conversation: lists and plain objects are lines of text there, not JSON. */
export function presentInTurn(value: Json | undefined): Presented {
  const lines = speaks(value) || value === undefined ? undefined : linesOf(value);
  return lines ? { reply: lines.join("\n"), value } : present(value);
}

/** Whether the program itself worded what the person reads. */
export function speaks(value: Json | undefined): boolean {
  return typeof value === "string" || (value !== undefined && isReply(value));
}

function isReply(value: Json): value is JsonObject & { reply: string; data?: Json } {
  return value !== null && typeof value === "object" && !Array.isArray(value) &&
    typeof (value as JsonObject).reply === "string" &&
    Object.keys(value).every((key) => key === "reply" || key === "data");
}

/** `undefined` for what is nested too deeply for lines. */
function linesOf(value: Json): string[] | undefined {
  if (isPlain(value)) return [String(value)];
  if (!Array.isArray(value)) return membersOf(value as JsonObject);
  const items = value.map((one: Json) =>
    isPlain(one)
      ? `${one}`
      : Array.isArray(one)
      ? undefined
      : membersOf(one as JsonObject)?.join(", ")
  );
  return items.includes(undefined) ? undefined : items.map((item) => `- ${item}`);
}

function membersOf(object: JsonObject): string[] | undefined {
  const members = Object.entries(object);
  return members.every(([, value]) => isPlain(value))
    ? members.map(([key, value]) => `${key}: ${value}`)
    : undefined;
}

function isPlain(value: Json): boolean {
  return value === null || typeof value !== "object";
}
