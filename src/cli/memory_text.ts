import type { Fact } from "../memory/fact.ts";
import type { HistoryEntry } from "../memory/history.ts";
import type { Change, WaitingFact } from "../memory/memory.ts";
import { escapeLine, escapeText } from "../text/escape.ts";
import { formatTable } from "./print.ts";
import { formatTime } from "../text/local_time.ts";

const MARK = "  (from a turn with text of others)";

/** Facts, one on each line. */
export function formatFacts(facts: readonly Fact[]): string {
  return facts.map(({ text, marked }) => `- ${escapeText(text)}${marked ? MARK : ""}\n`).join("");
}

/** Entries of the history; their text is indented, so that none can pose as a date. */
export function formatHistory(entries: readonly HistoryEntry[]): string {
  return entries.map(({ date, text, marked }) =>
    `\n${date || "undated"}${marked ? MARK : ""}\n${indented(text)}\n`
  ).join("");
}

/** Facts that wait, with the ids that `keep` and `drop` take. */
export function formatWaiting(facts: readonly WaitingFact[], zone: string): string {
  const rows = facts.map(({ id, at, text }) => [
    escapeLine(id),
    formatTime(Date.parse(at), zone),
    escapeLine(text),
  ]);
  return formatTable([["ID", "SAID", "FACT"], ...rows]);
}

/** Changes of the memory: lines that came with `+`, those that went with `-`. */
export function formatChanges(changes: readonly Change[], zone: string): string {
  return changes.map(({ id, at, operation, added, removed }) => {
    const lines = [
      ...removed.map(({ line }) => `  - ${escapeLine(line)}\n`),
      ...added.map((line) => `  + ${escapeLine(line)}\n`),
    ];
    const head = [id, formatTime(Date.parse(at), zone), operation].map(escapeLine).join("  ");
    return `${head}\n${lines.join("")}`;
  }).join("");
}

/** Text of several lines, each behind two spaces. */
export function indented(text: string): string {
  return escapeText(text).split("\n").map((line) => `  ${line}`).join("\n");
}
