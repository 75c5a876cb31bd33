import { Refusal } from "./_refusal.ts";
import type { Payload } from "./_payload.ts";

/** A mark over a part of a text, in UTF-16 units. */
export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly language?: string;
}

/** A text as people see it. */
export interface SeenText {
  readonly text: string;
  readonly entities: readonly Entity[];
}

/** Reads a text as the Bot API does; `most`: UTF-16 units after its marks are taken out. */
export function readText(payload: Payload, field: "text" | "caption", most: number): SeenText {
  const text = payload.text(field) ?? "";
  if (!text.isWellFormed()) throw Refusal.bad("strings must be encoded in UTF-8");
  const marks = payload.json(field === "text" ? "entities" : "caption_entities");
  const entities = Array.isArray(marks) ? marks as unknown as readonly Entity[] : [];
  if (payload.text("parse_mode") !== undefined) throw Refusal.bad("unsupported parse_mode");
  if (field === "text" && text.trim() === "") throw Refusal.bad("message text is empty");
  if (text.length > most) {
    throw Refusal.bad(field === "text" ? "message is too long" : "message caption is too long");
  }
  for (const { type, offset, length } of entities) {
    const isInside = Number.isInteger(offset) && Number.isInteger(length) && offset >= 0 &&
      length > 0 && offset + length <= text.length;
    if (!isInside) throw Refusal.bad(`entity ${type} at ${offset} lies outside of the text`);
  }
  return { text, entities };
}
