import type { Failure } from "../domain/failure.ts";
import type { LanguageModel } from "../providers/provider.ts";
import type { SessionEntry } from "../sessions/entry.ts";
import { estimateTokens } from "../text/tokens.ts";
import { wordsOf } from "../text/words.ts";
import { askFor } from "./ask.ts";
import { SUMMARY, type Summary } from "./contracts.ts";
import { SUMMARY_RULES } from "./prompts/summary.ts";
import { formatEntry, isSummary, packTexts, summaryOf } from "./transcript.ts";

/** A summary that holds, or why there is none. */
export type Summarized =
  | { readonly kind: "summarized"; readonly summary: string; readonly historyEntry: string }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Tokens of one piece at most: more is read carelessly, whatever the window. */
const LARGEST_PIECE = 24_000;
const SMALLEST_PIECE = 500;
/** The estimate may be this far off. */
const MARGIN = 0.85;

/**
 * Sums entries up completely: piece by piece, each with the summary of those before it. Summaries
 * among the entries are taken over. Nothing is believed that is empty or not much shorter than what
 * it stands for.
 * @throws {CodedError} of the model
 */
export async function summarize(
  entries: readonly SessionEntry[],
  maxTokens: number,
  model: LanguageModel,
  signal: AbortSignal,
): Promise<Summarized> {
  const answerTokens = 2 * maxTokens + 300;
  const rules = estimateTokens(SUMMARY_RULES) + maxTokens * 2 + answerTokens + 200;
  const room = Math.floor((model.contextTokens - rules) * MARGIN);
  const size = Math.min(LARGEST_PIECE, Math.max(SMALLEST_PIECE, room));
  let summary = entries.filter(isSummary).map(summaryOf).join("\n\n");
  const pieces = packTexts(entries.filter((entry) => !isSummary(entry)).map(formatEntry), size);
  const before = [summary, ...pieces].reduce((sum, text) => sum + estimateTokens(text), 0);
  const parts: string[] = [];
  for (const piece of pieces) {
    const asked = await askFor(
      SUMMARY,
      {
        messages: [
          { role: "system", text: `${SUMMARY_RULES}\n\nsummary: ${maxTokens} tokens at most.` },
          { role: "user", text: formatPiece(summary, piece) },
        ],
        maxTokens: answerTokens,
        temperature: 0,
        repairs: 1,
      },
      model,
      signal,
    );
    if (asked.kind === "unreadable") return failed(`the answer was unreadable: ${asked.problem}`);
    const problem = findProblem(asked.value, maxTokens);
    if (problem !== undefined) return failed(problem);
    summary = asked.value.summary.trim();
    parts.push(asked.value.history_entry.trim());
  }
  if (before > maxTokens && estimateTokens(summary) > before * 0.6) {
    return failed("the summary was hardly shorter than the conversation");
  }
  return {
    kind: "summarized",
    summary,
    historyEntry: parts.filter(Boolean).join("\n\n") || summary,
  };
}

function formatPiece(summary: string, piece: string): string {
  const earlier = summary === "" ? "" : `Summary so far:\n\n${summary}\n\n`;
  return `${earlier}The conversation goes on:\n\n${piece}`;
}

function findProblem({ summary }: Summary, maxTokens: number): string | undefined {
  if (wordsOf(summary).length < 3) return "the summary was empty";
  // weak models count badly; twice the length still serves
  if (estimateTokens(summary) > maxTokens * 2) return "the summary was too long";
  return undefined;
}

function failed(why: string): Summarized {
  return {
    kind: "failed",
    failure: {
      code: "provider_broken",
      message: `The conversation could not be summed up: ${why}.`,
    },
  };
}
