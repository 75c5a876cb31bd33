import type { Json, JsonObject } from "../domain/json.ts";
import { canonicalJson, sha256Hex } from "../text/canonical_json.ts";

/** One line of the audit log. The fields of its kind stand beside these. */
export interface AuditEntry extends JsonObject {
  /** Counts up from 1 over all files. */
  readonly seq: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  /** What happened: `tool_call`, `grant_revoked`, …; `torn_line` is the log's own. */
  readonly kind: string;
  /** `hash` of the line before; 64 zeros in the first one. */
  readonly prev: string;
  /** Lower-case hex SHA-256 of the canonical JSON of this line without `hash`. */
  readonly hash: string;
}

/** Names that a line's own fields may not have. */
export const CHAIN_FIELDS: readonly string[] = ["seq", "at", "kind", "prev", "hash"];

/** `hash` of what stands before the first line. */
export const GENESIS = "0".repeat(64);

/** Whether a value has the shape of a line; its hash is not looked at. */
export function isEntry(value: Json | undefined): value is AuditEntry {
  if (value === undefined || value === null || typeof value !== "object") return false;
  const entry = value as JsonObject;
  return Number.isSafeInteger(entry["seq"]) &&
    ["at", "kind", "prev", "hash"].every((name) => typeof entry[name] === "string");
}

/** A line with its hash. */
export async function sealEntry(
  seq: number,
  at: string,
  kind: string,
  fields: JsonObject,
  prev: string,
): Promise<AuditEntry> {
  const open = { seq, at, kind, ...fields, prev };
  return { ...open, hash: await hashOf(open) };
}

/** The hash of a line: that of everything in it but the hash. */
export async function hashOf(entry: JsonObject): Promise<string> {
  const { hash: _, ...rest } = entry;
  return await sha256Hex(canonicalJson(rest));
}
