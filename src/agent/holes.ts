import type { Json } from "../domain/json.ts";

/** What a reply may say of itself, so that a word in it is no accident. */
export interface Sources {
  /** What the person said. */
  readonly request: string;
  readonly script: string;
  /** What the tools returned. */
  readonly results: readonly Json[];
}

/** What stands in a text where a program put a value that was not there. */
const HOLES =
  /(?<![\p{L}\p{N}_$])(?:undefined|NaN|null|Invalid Date)(?![\p{L}\p{N}_$])|\[object Object\]/gu;

/** The word of a value that is null; in some languages it is a word of its own too. */
export const NULL = "null";

/**
 * The first word of a reply that stands for a missing value and for nothing else: neither the
 * request, nor the script in its own words, nor a text that a tool returned says it. `natural`
 * words are left alone.
 */
export async function findHole(
  reply: string,
  { request, script, results }: Sources,
  natural: readonly string[] = [],
): Promise<string | undefined> {
  const found = [...reply.matchAll(HOLES)].map(([word]) => word);
  const words = [...new Set(found)].filter((word) => !natural.includes(word));
  if (words.length === 0) return undefined;
  const { textsSaidBy } = await import("./literals.ts");
  const said = [request, ...textsSaidBy(script)];
  const texts = results.flatMap(textsIn);
  return words.find((word) =>
    ![...said, ...texts.map(withoutNulls)].some((text) => says(text, word)) &&
    !isQuoted(reply, word, texts)
  );
}

/** Whether a text has a word of {@linkcode findHole}, in any case. */
export function says(text: string, word: string): boolean {
  const searched = word.toLowerCase();
  const lower = new RegExp(HOLES, "giu");
  return [...text.matchAll(lower)].some(([found]) => found.toLowerCase() === searched);
}

/** All texts in a value, names of members too. */
function textsIn(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return Object.entries(value).flatMap(([key, one]) => [key, ...textsIn(one)]);
}

/** JSON text without its nulls: a value that is missing there is missing in the reply too. */
function withoutNulls(text: string): string {
  if (!/^\s*[{[]/.test(text)) return text;
  return text.replace(/"(?:[^"\\]|\\.)*"|\bnull\b/g, (part) => part === NULL ? "" : part);
}

/** Whether every line that has the word is a member of JSON that a tool returned as text. */
function isQuoted(reply: string, word: string, texts: readonly string[]): boolean {
  const squeezed = texts.map(squeeze);
  return reply.split("\n").filter((line) => says(line, word)).every((line) => {
    const part = squeeze(line);
    return /"[:,]|[,:]"/.test(part) && squeezed.some((text) => text.includes(part));
  });
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, "").replace(/,$/, "");
}
