import type { SessionEntry } from "../sessions/entry.ts";
import { estimateTokens } from "../text/tokens.ts";

/** What `metadata._type` says of a summary that stands in place of older entries. */
export const SUMMARY_TYPE = "compaction_summary";

const WITHHELD = "\n\nEarlier texts from outside sources, withheld here:\n";
/** Withheld texts of summed up entries that stay within reach. */
const MOST_WITHHELD = 20;

/** Whether an entry is the summary of what was before it. */
export function isSummary(entry: SessionEntry): boolean {
  return entry.metadata._type === SUMMARY_TYPE;
}

/** The words of a summary entry, without its list of withheld texts. */
export function summaryOf({ content }: SessionEntry): string {
  return content.split(WITHHELD)[0] ?? content;
}

/** The entry that takes the place of `older`: their summary, and the ids of withheld texts. */
export function createSummaryEntry(older: readonly SessionEntry[], summary: string): SessionEntry {
  const withheld = older.flatMap(withheldIn).slice(-MOST_WITHHELD);
  const list = withheld.map((line) => `- ${line}`).join("\n");
  return {
    role: "system",
    content: withheld.length === 0 ? summary : `${summary}${WITHHELD}${list}`,
    timestamp: older.at(-1)?.timestamp ?? 0,
    metadata: { _type: SUMMARY_TYPE, entries: older.length, withheld },
  };
}

/**
 * A conversation as it is shown to a model that sums it up. What was made from text of others, and
 * results of tools, is left out: length and artefact id stand in its place, so that the summary can
 * be shown to every model.
 */
export function formatEntry(entry: SessionEntry): string {
  return `${SPEAKERS[entry.role]}: ${isWithheld(entry) ? placeholderOf(entry) : entry.content}`;
}

/** Whether an entry's text is kept from every model that others read after. */
export function isWithheld({ role, metadata }: SessionEntry): boolean {
  return role === "tool" || metadata.marked === true;
}

/** Texts joined into pieces of at most `tokens` each; nothing is left out, long texts are cut. */
export function packTexts(texts: readonly string[], tokens: number): string[] {
  const pieces: string[] = [];
  let open = "";
  let size = 0;
  for (const part of texts.flatMap((text) => cut(text, tokens))) {
    const cost = estimateTokens(part) + 2;
    if (open !== "" && size + cost > tokens) {
      pieces.push(open);
      [open, size] = ["", 0];
    }
    open += open === "" ? part : `\n\n${part}`;
    size += cost;
  }
  return open === "" ? pieces : [...pieces, open];
}

/** A line for each withheld text: its id and the words that it answered. */
function withheldIn(entry: SessionEntry, index: number, all: readonly SessionEntry[]): string[] {
  const { withheld, marked, artefact, further = [] } = entry.metadata;
  if (isSummary(entry) && Array.isArray(withheld)) return withheld.map(String);
  if (marked !== true || artefact === undefined) return [];
  if (entry.role === "user") {
    return [artefact, ...further].map((id) => `artefact ${id}, sent by the person`);
  }
  const request = all.slice(0, index).findLast(({ role }) => role === "user");
  if (!request || isWithheld(request)) return [`artefact ${artefact}`];
  const words = request.content.replaceAll(/\s+/g, " ").slice(0, 100).toWellFormed();
  return [`artefact ${artefact}, in answer to: ${words}`];
}

const SPEAKERS = { user: "Person", assistant: "ClamBot", system: "Note", tool: "Tool" } as const;

/** What stands in place of a withheld text: its kind, length and artefact id, none of its words. */
export function placeholderOf({ role, content, metadata }: SessionEntry): string {
  const { artefact, shown, code } = metadata;
  if (role === "user" && typeof shown === "string") return shown;
  const failed = typeof code === "string" ? `this failed with ${code}; ` : "";
  const place = artefact === undefined ? "" : `, artefact ${artefact}`;
  return `[${failed}withheld: text made from outside sources, ${content.length} characters${place}]`;
}

/** Halves a text until each part fits, between words where there are some. */
function cut(text: string, tokens: number): string[] {
  if (text.length < 8 || estimateTokens(text) + 2 <= tokens) return [text];
  const middle = text.length >> 1;
  const space = text.lastIndexOf(" ", middle);
  const place = space > middle / 2 ? space + 1 : wholeCharacter(text, middle);
  return [...cut(text.slice(0, place), tokens), ...cut(text.slice(place), tokens)];
}

/** The place, or the one before when a surrogate pair would be torn there. */
function wholeCharacter(text: string, place: number): number {
  const code = text.charCodeAt(place);
  return code >= 0xdc00 && code <= 0xdfff ? place - 1 : place;
}
