import type { Clam } from "../domain/clam.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { isCommonWord } from "../text/common_words.ts";
import { wordsOf } from "../text/words.ts";
import { textsSaidBy } from "./literals.ts";

/**
 * Whether a program says words of its own request that are neither inputs nor what it does in
 * general: "The price of Bitcoin is …". With other inputs it would say them just the same, so it
 * answers its own request only.
 */
export function namesItsRequest(
  { script, manifest: { name, description, requests } }: Pick<Clam, "script" | "manifest">,
): boolean {
  const general = new Set(wordsOf(`${name} ${description}`));
  const asked = tellingWords(requests.join(" ")).filter((word) => !general.has(word));
  return says(script, asked);
}

/** Whether a program says one of its inputs in a text of its own instead of reading it. */
export function saysItsInputs(script: string, inputs: JsonObject): boolean {
  return says(script, textsIn(inputs).flatMap(tellingWords));
}

function says(script: string, words: readonly string[]): boolean {
  if (words.length === 0) return false;
  const said = new Set(textsSaidBy(script).flatMap(wordsOf));
  return words.some((word) => said.has(word));
}

function tellingWords(text: string): string[] {
  return wordsOf(text).filter((word) =>
    word.length > 2 && !isCommonWord(word) && !/^\d+$/.test(word)
  );
}

function textsIn(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(textsIn);
}
