import type { Artefacts } from "../artefacts/artefacts.ts";
import { CodedError, type Failure } from "../domain/failure.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { History } from "../memory/history.ts";
import type { SummedUp } from "../memory/summed_up.ts";
import type { LanguageModel } from "../providers/provider.ts";
import type { SessionEntry } from "../sessions/entry.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { estimateTokens } from "../text/tokens.ts";
import { shortenEntries } from "./shorten.ts";
import { summarize, type Summarized } from "./summarize.ts";
import { createSummaryEntry, isSummary } from "./transcript.ts";

/** What is needed to shorten and to end conversations. */
export interface CompactPorts {
  readonly sessions: Pick<Sessions, "read" | "rewrite">;
  readonly history: Pick<History, "append">;
  /** What the history tells already. */
  readonly summedUp: Pick<SummedUp, "upTo">;
  readonly artefacts: Pick<Artefacts, "keep">;
  readonly redactor: Redactor;
  /** Sums up; a cheap one does. */
  readonly model: LanguageModel;
}

/** When a conversation is too long, and what is left of it. */
export interface CompactSettings {
  /** The smallest window of the models that read conversations. */
  readonly contextTokens: number;
  /** Tokens of everything else in their prompts: rules, tools, documents, memory. */
  readonly systemTokens: number;
  /** `agents.compaction.reserveTokens`: kept free for the answer. */
  readonly reserveTokens: number;
  /** `agents.compaction.targetRatio`: share of the remaining room that a conversation may fill. */
  readonly targetRatio: number;
  /** `agents.compaction.summaryMaxTokens`. */
  readonly summaryMaxTokens: number;
  /** `agents.compaction.keepRecentTurns`. */
  readonly keepRecentTurns: number;
}

/** What became of a conversation. Unless it is `compacted` it is as it was. */
export type Compaction =
  | { readonly kind: "unneeded" }
  | { readonly kind: "compacted"; readonly replaced: number }
  | { readonly kind: "failed"; readonly failure: Failure };

/** A room smaller than this would be compacted for ever. */
const SMALLEST_ROOM = 1000;

/**
 * Shortens a conversation that has grown over its share of the window: the last turns stay word for
 * word, a summary takes the place of the older ones, and single texts that are too long even then
 * become artefacts. The original goes to the archive. Nothing is replaced before the summary has
 * been checked; a summary may end up in the history twice after a crash, but never not at all.
 */
export async function compact(
  conversation: string,
  settings: CompactSettings,
  ports: CompactPorts,
  signal: AbortSignal,
): Promise<Compaction> {
  const entries = await ports.sessions.read(conversation);
  const limit = limitOf(settings);
  if (tokensOf(entries) <= limit) return { kind: "unneeded" };
  const start = startOfRecent(entries, settings.keepRecentTurns);
  const older = worthSummarizing(entries.slice(0, start), settings) ? entries.slice(0, start) : [];
  try {
    const told = await ports.summedUp.upTo(conversation);
    const summarized = await summarizeOlder(older, settings, ports, signal);
    if (summarized?.kind === "failed") return summarized;
    const kept = entries.slice(older.length);
    const recent = await shortenEntries(kept, limit, conversation, ports);
    if (!summarized && recent.every((entry, index) => entry === kept[index])) {
      return { kind: "unneeded" };
    }
    const isNew = older.some((entry) => !isSummary(entry) && entry.timestamp > told);
    if (summarized && isNew) {
      await ports.history.append(ports.redactor.redact(summarized.historyEntry));
    }
    const replacement = summarized
      ? [createSummaryEntry(older, summarized.summary), ...recent]
      : recent;
    const clean = ports.redactor.clean<readonly SessionEntry[]>(replacement);
    const done = await ports.sessions.rewrite(conversation, entries, clean);
    return done ? { kind: "compacted", replaced: older.length } : { kind: "unneeded" };
  } catch (error) {
    if (error instanceof CodedError) return { kind: "failed", failure: error.failure };
    throw error;
  }
}

/** Tokens that a conversation may have. */
function limitOf(settings: CompactSettings): number {
  const { contextTokens, systemTokens, reserveTokens, targetRatio } = settings;
  const room = Math.max(SMALLEST_ROOM, contextTokens - systemTokens - reserveTokens);
  return room * targetRatio;
}

function tokensOf(entries: readonly SessionEntry[]): number {
  return entries.reduce((sum, { content }) => sum + estimateTokens(content), 0);
}

/** Where the last turns begin; a turn begins with what the person said. */
function startOfRecent(entries: readonly SessionEntry[], turns: number): number {
  const begins = entries.flatMap(({ role }, index) => role === "user" ? [index] : []);
  return begins.at(-turns) ?? 0;
}

/** A summary alone, or little more than one, is not summed up again. */
function worthSummarizing(older: readonly SessionEntry[], settings: CompactSettings): boolean {
  const said = older.filter((entry) => !isSummary(entry));
  return said.length > 0 && tokensOf(older) > settings.summaryMaxTokens;
}

async function summarizeOlder(
  older: readonly SessionEntry[],
  settings: CompactSettings,
  ports: CompactPorts,
  signal: AbortSignal,
): Promise<Summarized | undefined> {
  if (older.length === 0) return undefined;
  return await summarize(older, settings.summaryMaxTokens, ports.model, signal);
}
