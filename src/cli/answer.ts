import type { Answer } from "../domain/turn.ts";
import type { Terminal } from "../platform/platform.ts";
import { escapeLine, escapeText } from "../text/escape.ts";
import { formatFailure } from "./print.ts";

/**
 * Prints an answer for a person: the reply to standard output, what went wrong to standard error.
 * A reply that was `streamed` stands there already.
 */
export function printAnswer(answer: Answer, terminal: Terminal, streamed = false): void {
  if (streamed) terminal.out("\n");
  if (answer.failure) terminal.err(formatFailure(answer.failure));
  else if (!streamed && answer.reply !== "") terminal.out(`${escapeText(answer.reply)}\n`);
  for (const note of answer.notes ?? []) terminal.err(`clambot: ${escapeLine(note)}\n`);
}
