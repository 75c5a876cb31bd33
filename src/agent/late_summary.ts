import type { Redactor } from "../domain/redacted.ts";
import type { SummedUp } from "../memory/summed_up.ts";
import type { LanguageModel } from "../providers/provider.ts";
import type { SessionEntry } from "../sessions/entry.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { summarize } from "./summarize.ts";
import { isSummary } from "./transcript.ts";

/** What is needed to sum up what was left. */
export interface LateSummaryPorts {
  readonly sessions: Pick<Sessions, "read">;
  readonly summedUp: SummedUp;
  readonly redactor: Redactor;
  /** Sums up; a cheap one does. */
  readonly model: LanguageModel;
}

/** Entries that the history does not tell yet, behind the summaries of those before. */
export function untold(entries: readonly SessionEntry[], upTo: number): readonly SessionEntry[] {
  return entries.filter((entry) => isSummary(entry) || entry.timestamp > upTo);
}

/**
 * Has the history tell a conversation that was left without an end, as by the end of a process. The
 * conversation stays as it is and can go on. Nothing is told when somebody else does it.
 * @throws {CodedError} of the model; it is tried again at a later time, three times in all
 */
export async function sumUpLate(
  conversation: string,
  summaryMaxTokens: number,
  { sessions, summedUp, redactor, model }: LateSummaryPorts,
  signal: AbortSignal,
): Promise<void> {
  if (!await summedUp.claim(conversation)) return;
  const entries = await sessions.read(conversation);
  const upTo = entries.at(-1)?.timestamp ?? 0;
  const fresh = untold(entries, await summedUp.upTo(conversation));
  if (fresh.every((entry) => isSummary(entry) || entry.role === "system")) {
    await summedUp.add(conversation, upTo, redactor.redact(""));
    return;
  }
  const summarized = await summarize(fresh, summaryMaxTokens, model, signal);
  if (summarized.kind === "failed") return;
  if ((await sessions.read(conversation)).length !== entries.length) return; // it goes on
  await summedUp.add(conversation, upTo, redactor.redact(summarized.historyEntry));
}
