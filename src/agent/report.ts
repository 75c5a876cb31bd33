import type { Random } from "../platform/platform.ts";
import type { LanguageModel } from "../providers/provider.ts";
import { askFor } from "./ask.ts";
import { REPORT } from "./contracts.ts";
import { markedBlock } from "./history.ts";
import { REPORT_RULES } from "./prompts/report.ts";

/** The result of a standing task, and what it was about. */
export interface StandingResult {
  readonly task: string;
  readonly result: string;
  /** What was told of the same task last. */
  readonly told?: string | undefined;
}

/** Characters of a result, and of what was told last, that are looked at. */
const LONGEST = 20_000;

/**
 * What of a result is worth telling; `null`: nothing. An answer that is no such object counts as
 * nothing, whatever its words say.
 * @throws {CodedError} of the model
 */
export async function askForReport(
  { task, result, told }: StandingResult,
  { model, random }: { readonly model: LanguageModel; readonly random: Pick<Random, "id"> },
  maxTokens: number,
  signal: AbortSignal,
): Promise<string | null> {
  const boundary = random.id();
  const block = (text: string) => markedBlock(text.slice(0, LONGEST).toWellFormed(), boundary);
  const before = told === undefined ? "" : `\n\nTold last:\n${block(told)}`;
  const asked = await askFor(
    REPORT,
    {
      messages: [
        { role: "system", text: REPORT_RULES },
        { role: "user", text: `Task: ${task}${before}\n\nResult:\n${block(result)}` },
      ],
      maxTokens,
      temperature: 0,
      repairs: 0,
    },
    model,
    signal,
  );
  const report = asked.kind === "read" ? asked.value.report?.trim() : undefined;
  return report ? report : null;
}
