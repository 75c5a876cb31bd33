import type { Answer } from "../domain/turn.ts";
import type { Terminal } from "../platform/platform.ts";
import { escapeText } from "../text/escape.ts";
import { formatFailure } from "./print.ts";

/** Prints an answer for a person: the reply to standard output, what went wrong to standard error. */
export function printAnswer(answer: Answer, terminal: Terminal): void {
  if (answer.failure) {
    terminal.err(formatFailure(answer.failure));
    return;
  }
  if (answer.reply !== "") terminal.out(`${escapeText(answer.reply)}\n`);
}
