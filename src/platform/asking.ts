import process from "node:process";
import { awake } from "./awake.ts";

/** What every question of @clack/prompts is given. */
export interface Asked {
  /** Takes the question back. */
  readonly signal: AbortSignal;
  readonly output: NodeJS.WriteStream;
}

/**
 * Asks at the terminal. Aborting takes the question back, and so do Ctrl-D and the end of the
 * input: @clack/prompts 1.9 stops listening at them without an answer, and would wait for ever with
 * the terminal back in its echoing mode.
 */
export async function asking<T>(
  question: (asked: Asked) => Promise<T>,
  aborted?: AbortSignal,
): Promise<T> {
  const left = new AbortController();
  const leave = () => left.abort();
  const onKey = (_text: string, key: { ctrl?: boolean; name?: string } | undefined) => {
    if (key?.ctrl && key.name === "d") leave();
  };
  const signal = aborted ? AbortSignal.any([aborted, left.signal]) : left.signal;
  process.stdin.on("keypress", onKey).on("end", leave);
  try {
    return await awake(() => question({ signal, output: openOutput() }));
  } finally {
    process.stdin.off("keypress", onKey).off("end", leave);
  }
}

/** Standard output; without colours where the person wants none (https://no-color.org). */
function openOutput(): NodeJS.WriteStream {
  if (!Deno.noColor) return process.stdout;
  const write = (text: string) => process.stdout.write(withoutColours(text));
  return Object.assign(Object.create(process.stdout), { write });
}

function withoutColours(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}
