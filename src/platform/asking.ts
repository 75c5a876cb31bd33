import process from "node:process";
import { createKeyGate } from "./_key_gate.ts";
import { createKeyStream, MARK_PASTES, openKeyboard, type Typed } from "./keyboard.ts";
import { writeQuestion } from "./deno.ts";

/** What every question of @clack/prompts is given. */
export interface AskedAtTerminal {
  /** Takes the question back. */
  readonly signal: AbortSignal;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/** How a question is asked. */
export interface AskingOptions {
  /** Takes the question back. */
  readonly signal?: AbortSignal | undefined;
  /** Whether what is pasted is an answer, or counts for nothing. */
  readonly takesText: boolean;
}

const CTRL_C = "\x03";

/**
 * Asks at the terminal. No key counts that came before the question stood completely on the screen,
 * nor in the dead time after it; Ctrl-C leaves the question at any time. Until then all keys are
 * read and thrown away, so that none lies in any buffer. When keys count, the terminal is asked to
 * mark what is pasted.
 *
 * Aborting takes the question back, and so do Ctrl-D and the end of the input: @clack/prompts 1.9
 * stops listening at them without an answer, and would wait for ever.
 */
export async function asking<T>(
  question: (asked: AskedAtTerminal) => Promise<T>,
  { signal: aborted, takesText }: AskingOptions,
): Promise<T> {
  const left = new AbortController();
  const leave = () => left.abort();
  const gate = createKeyGate(() => performance.now());
  const input = createKeyStream();
  const output = createOutput(() => gate.written());
  const keyboard = openKeyboard({
    filter(keys) {
      if (!gate.isOpen() && keys.includes(CTRL_C)) leave();
      return gate.filter(keys);
    },
    take: (typed) => void input.write(keysOf(typed, takesText)),
    beat: () => void (gate.beat() && output.write(MARK_PASTES.on)),
    end: leave,
  });
  input.on("keypress", (_text: string, key: { ctrl?: boolean; name?: string } | undefined) => {
    if (key?.ctrl && key.name === "d") leave();
  });
  try {
    const signal = aborted ? AbortSignal.any([aborted, left.signal]) : left.signal;
    return await question({ signal, input, output });
  } finally {
    output.write(MARK_PASTES.off);
    keyboard.release();
  }
}

/** Pasted text answers in one line; line ends in it are no Enter. */
function keysOf({ kind, text }: Typed, takesText: boolean): string {
  if (kind === "keys") return text;
  // deno-lint-ignore no-control-regex
  return takesText ? text.replace(/[\x00-\x1f\x7f]+/g, " ").trim() : "";
}

/** Standard output, where each piece is written before `write` returns; and where the person wants
 * none (https://no-color.org), without colours. */
function createOutput(onWritten: () => void): NodeJS.WriteStream {
  const write = (text: string) => {
    writeQuestion(Deno.noColor ? withoutColours(text) : text);
    onWritten();
    return true;
  };
  return Object.assign(Object.create(process.stdout), { write });
}

function withoutColours(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}
