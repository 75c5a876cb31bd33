import type { Answer } from "../domain/turn.ts";
import type { Terminal } from "../platform/platform.ts";
import { escapeText } from "../text/escape.ts";
import { formatFailure } from "./print.ts";

/**
 * Prints an answer for a person: the reply to standard output, what went wrong to standard error.
 * A reply that was `streamed` stands there already.
 */
export function printAnswer(answer: Answer, terminal: Terminal, streamed = false): void {
  if (answer.failure) {
    if (streamed) terminal.out("\n");
    terminal.err(formatFailure(answer.failure));
    return;
  }
  if (streamed) terminal.out("\n");
  else if (answer.reply !== "") terminal.out(`${escapeText(answer.reply)}\n`);
}
