import type { Json, JsonObject } from "../domain/json.ts";
import { parseJsonLines } from "../platform/json_lines.ts";

/** Who speaks in an entry. */
export type EntryRole = "user" | "assistant" | "system" | "tool";

/** What is known about an entry beside its text. Open: other parts may keep more in it. */
export interface EntryMetadata {
  /** The turn that the entry belongs to. */
  readonly turn?: string;
  /** The text was made from what neither the person nor the program wrote. */
  readonly marked?: boolean;
  /** Id of the artefact that stands for a marked text where the code-writing model looks. */
  readonly artefact?: string;
  /** Ids of further ones, where several things came with a message. */
  readonly further?: readonly string[];
  /** `compaction_summary` for the summary that stands in place of older entries. */
  readonly _type?: string;
  readonly [name: string]: Json | undefined;
}

/** One line of a conversation. */
export interface SessionEntry {
  readonly role: EntryRole;
  readonly content: string;
  /** Seconds since 1970, with fractions. */
  readonly timestamp: number;
  readonly metadata: EntryMetadata;
}

/** A conversation without its text. */
export interface SessionSummary {
  readonly conversation: string;
  readonly entries: number;
  /** Milliseconds since 1970; time of the last entry, 0 when there is none. */
  readonly lastAt: number;
}

const ROLES: readonly string[] = ["user", "assistant", "system", "tool"] satisfies EntryRole[];

/** The entries of a session file. Lines that are none, broken ones too, are skipped. */
export function parseEntries(text: string): readonly SessionEntry[] {
  return parseJsonLines(text).flatMap((line) => {
    if (!isObject(line) || line["_type"] === "metadata") return [];
    const { role, content, timestamp, metadata } = line;
    if (typeof role !== "string" || !ROLES.includes(role) || typeof content !== "string") return [];
    return [{
      role: role as EntryRole,
      content,
      timestamp: typeof timestamp === "number" ? timestamp : 0,
      metadata: isObject(metadata) ? metadata : {},
    }];
  });
}

/** What a person said in turns that nothing was answered in: neither a reply nor a notice. */
export function unansweredIn(entries: readonly SessionEntry[]): readonly SessionEntry[] {
  const open = new Map<string, SessionEntry>();
  for (const entry of entries) {
    const { turn } = entry.metadata;
    if (turn === undefined) continue;
    if (entry.role === "user") open.set(turn, entry);
    if (entry.role === "assistant" || entry.role === "system") open.delete(turn);
  }
  return [...open.values()];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
