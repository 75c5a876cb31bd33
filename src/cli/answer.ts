import { tellDone } from "../agent/done.ts";
import type { Answer } from "../domain/turn.ts";
import type { Clock, Terminal } from "../platform/platform.ts";
import { escapeLine, escapeText } from "../text/escape.ts";
import { formatFailure } from "./print.ts";

/**
 * Prints an answer for a person: the reply to standard output; what went wrong, and what was really
 * done, to standard error, so that a reply can be piped on.
 * A reply that was `streamed` stands there already.
 */
export function printAnswer(
  answer: Answer,
  { terminal, clock }: { readonly terminal: Terminal; readonly clock: Clock },
  streamed = false,
): void {
  if (streamed) terminal.out("\n");
  if (answer.failure) terminal.err(formatFailure(answer.failure));
  else if (!streamed && answer.reply !== "") terminal.out(`${escapeText(answer.reply)}\n`);
  const done = tellDone(answer.calls, { now: clock.now(), zone: clock.zone() });
  if (done) terminal.err(`  ${escapeLine(done.summary)}\n`);
  for (const note of answer.notes ?? []) terminal.err(`clambot: ${escapeLine(note)}\n`);
}
