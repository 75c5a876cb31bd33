import { isRecord, stringOf } from "./_told.ts";

/** What the content of a message holds. */
export interface Content {
  readonly text: string;
  /** Why the model does not want to answer; empty when it does not say so. */
  readonly refusal: string;
  /** Thoughts stand apart from the text. */
  readonly thought: boolean;
  /** There is something that is no text: an image, a number, a part that nobody knows. */
  readonly foreign: boolean;
}

const NOTHING: Content = { text: "", refusal: "", thought: false, foreign: false };

/**
 * Reads the content of a message or of a piece of one. Most servers send text; some a list of
 * parts, of which the text is joined and the rest left aside.
 */
export function readContent(content: unknown): Content {
  if (content === undefined || content === null) return NOTHING;
  if (typeof content === "string") return { ...NOTHING, text: content };
  const parts = Array.isArray(content) ? content : [content];
  return parts.map(readPart).reduce(join, NOTHING);
}

const THOUGHTS = ["thinking", "redacted_thinking", "reasoning", "reasoning_text", "summary_text"];

function readPart(part: unknown): Content {
  if (typeof part === "string") return { ...NOTHING, text: part };
  if (!isRecord(part)) return { ...NOTHING, foreign: true };
  const { type, text, refusal } = part;
  if (typeof type === "string" && THOUGHTS.includes(type)) return { ...NOTHING, thought: true };
  if (type === "refusal") return { ...NOTHING, refusal: stringOf(refusal) || "refused" };
  const known = type === undefined || type === "text" || type === "output_text";
  return known && typeof text === "string" ? { ...NOTHING, text } : { ...NOTHING, foreign: true };
}

function join(a: Content, b: Content): Content {
  return {
    text: a.text + b.text,
    refusal: a.refusal + b.refusal,
    thought: a.thought || b.thought,
    foreign: a.foreign || b.foreign,
  };
}
