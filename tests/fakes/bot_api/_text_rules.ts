import { LONGEST_CAPTION, readSentText, type SeenText, TextRefused } from "./_check_text.ts";
import type { Payload } from "./_payload.ts";
import { Refusal } from "./_refusal.ts";

export type { SeenText };

/** A mark over a part of a text, in UTF-16 units. */
export type Entity = SeenText["entities"][number];

/** Reads a text as the Bot API does; `most`: UTF-16 units after its marks are taken out. */
export function readText(payload: Payload, field: "text" | "caption", most: number): SeenText {
  const text = payload.text(field) ?? "";
  if (field === "caption" && text === "") return { text, entities: [] };
  const marks = payload.json(field === "text" ? "entities" : "caption_entities");
  const parse_mode = payload.text("parse_mode");
  try {
    const entities = Array.isArray(marks) ? marks as unknown as readonly Entity[] : [];
    return readSentText(
      { text, entities, ...(parse_mode === undefined ? {} : { parse_mode }) },
      most,
    );
  } catch (error) {
    if (!(error instanceof TextRefused)) throw error;
    const isCaption = most === LONGEST_CAPTION && error.message === "message is too long";
    throw Refusal.bad(isCaption ? "message caption is too long" : error.message);
  }
}
