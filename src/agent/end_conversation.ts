import { CodedError, type Failure } from "../domain/failure.ts";
import type { HistoryEntry } from "../memory/history.ts";
import type { SessionEntry } from "../sessions/entry.ts";
import type { CompactPorts } from "./compact.ts";
import { untold } from "./late_summary.ts";
import { summarize, type Summarized } from "./summarize.ts";
import { isSummary } from "./transcript.ts";

/** How a conversation ended. Its transcript is in the archive in every case. */
export type EndedConversation =
  | { readonly kind: "empty" }
  /** `entry` is what the history got; `undefined` when there was nothing new to tell. */
  | { readonly kind: "ended"; readonly entry: HistoryEntry | undefined }
  /** The model failed: the person must be told that the history has no summary. */
  | { readonly kind: "ended_without_summary"; readonly failure: Failure };

/**
 * Ends a conversation: a dated summary of what is not in the history yet goes there, the transcript
 * to the archive, and the next message begins with nothing.
 * @throws the signal's reason when it is aborted first; nothing has been changed then
 */
export async function endConversation(
  conversation: string,
  summaryMaxTokens: number,
  ports: CompactPorts,
  signal: AbortSignal,
): Promise<EndedConversation> {
  const entries = await ports.sessions.read(conversation);
  if (entries.length === 0) return { kind: "empty" };
  const fresh = untold(entries, await ports.summedUp.upTo(conversation));
  const summarized = await summarizeNew(fresh, summaryMaxTokens, ports, signal);
  const entry = summarized?.kind === "summarized"
    ? await ports.history.append(ports.redactor.redact(summarized.historyEntry))
    : undefined;
  await clear(conversation, entries, ports);
  return summarized?.kind === "failed"
    ? { kind: "ended_without_summary", failure: summarized.failure }
    : { kind: "ended", entry };
}

/** `undefined` when nobody said anything since the last summary. */
async function summarizeNew(
  entries: readonly SessionEntry[],
  summaryMaxTokens: number,
  ports: CompactPorts,
  signal: AbortSignal,
): Promise<Summarized | undefined> {
  if (entries.every((entry) => isSummary(entry) || entry.role === "system")) return undefined;
  try {
    return await summarize(entries, summaryMaxTokens, ports.model, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CodedError)) throw error;
    return { kind: "failed", failure: error.failure };
  }
}

/** Empties it; when it was changed meanwhile, as it is now. */
async function clear(
  conversation: string,
  entries: readonly SessionEntry[],
  { sessions, redactor }: CompactPorts,
): Promise<void> {
  let seen = entries;
  const nothing = redactor.clean<readonly SessionEntry[]>([]);
  while (!await sessions.rewrite(conversation, seen, nothing)) {
    seen = await sessions.read(conversation);
  }
}
