import type { ClamManifest } from "../domain/clam.ts";
import type { JsonObject } from "../domain/json.ts";
import { wordsOf } from "../text/words.ts";
import { needsConversation } from "./_conversation.ts";
import { onlyPoints } from "./_light_words.ts";
import { normalizeRequest } from "./request.ts";
import { matchTemplate, parseTemplate, type Template } from "./template.ts";

/**
 * Whether a request with the key of a kept one also gives the same content. Requests compare
 * without case and the punctuation at their end; a text that the person gave does not: what a text
 * slot takes, and each text of the inputs that stands in the kept request and in no other slot.
 */
export function hasSameContent(manifest: ClamManifest, request: string, key: string): boolean {
  const templates = manifest.templates.flatMap((text) => parseTemplate(text) ?? []);
  const said = request.toWellFormed(); // as requests are kept
  return manifest.requests.filter((kept) => normalizeRequest(kept) === key)
    .some((kept) => givesSame(kept, said, templates, manifest.inputs));
}

function givesSame(
  kept: string,
  request: string,
  templates: readonly Template[],
  inputs: JsonObject,
): boolean {
  if (kept === request) return true;
  const inSlots = new Set<string>();
  for (const template of templates) {
    const before = matchTemplate(template, kept);
    if (before === undefined) continue;
    const now = matchTemplate(template, request);
    for (const name of textsOf(template)) if (before[name] !== now?.[name]) return false;
    Object.keys(before).forEach((name) => inSlots.add(name));
  }
  return Object.entries(inputs).every(([name, value]) =>
    inSlots.has(name) || typeof value !== "string" || holds(kept, request, value)
  );
}

/**
 * Whether a request leans on its conversation beside the texts in its text slots, or with one that
 * only points: "take a note: call her again" does not, "sha256 of that file" does.
 */
export function leansBesideContent({ templates }: ClamManifest, request: string): boolean {
  for (const template of templates.flatMap((text) => parseTemplate(text) ?? [])) {
    const inputs = matchTemplate(template, request);
    const texts = inputs ? textsOf(template).map((name) => String(inputs[name])) : [];
    if (texts.length === 0) continue;
    const rest = texts.reduce((said, text) => said.replace(text, () => '"text"'), request);
    return needsConversation(rest) || texts.some((text) => onlyPoints(wordsOf(text)));
  }
  return true;
}

function textsOf({ pieces }: Template): string[] {
  return pieces.flatMap((piece) =>
    piece.kind === "slot" && piece.type === "text" ? [piece.name] : []
  );
}

/** Whether a text of the kept request stands in the other too, with no more marks behind it. */
function holds(kept: string, request: string, value: string): boolean {
  const before = behind(kept, value);
  if (value === "" || before === undefined) return true;
  const now = behind(request, value);
  return now !== undefined && (/[\p{L}\p{N}]/u.test(before) || now === "" || now === before);
}

function behind(text: string, value: string): string | undefined {
  const at = text.lastIndexOf(value);
  return at < 0 ? undefined : text.slice(at + value.length).trimEnd();
}
