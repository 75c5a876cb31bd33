import process from "node:process";
import { createInterface } from "node:readline/promises";
import type { Files, Terminal } from "../platform/platform.ts";
import { LINE_END } from "./_bursts.ts";
import { readTypedLine } from "./_typed_line.ts";

const HISTORY_LINES = 1000;
const HISTORY_FILE = "repl-history";

/** What the person says, message by message. */
export interface Lines {
  /** The next message, trimmed; `undefined` at the end of input, or on Ctrl-C at the prompt. */
  next(): Promise<string | undefined>;
  close(): void;
}

/** Opens standard input for a conversation; at a terminal with editing and a lasting history. */
export async function openLines(terminal: Terminal, state: Files): Promise<Lines> {
  return terminal.interactive ? await openTyped(terminal, state) : openPiped();
}

/** One reader for the whole input: what comes in one piece with a line is not lost. */
function openPiped(): Lines {
  const reader = createInterface({ input: process.stdin, terminal: false });
  const lines = reader[Symbol.asyncIterator]();
  return {
    next: async () => {
      const { value, done } = await lines.next();
      return done ? undefined : value.trim();
    },
    close: () => reader.close(),
  };
}

/** What is pasted is one message, however many lines it has. */
async function openTyped(terminal: Terminal, state: Files): Promise<Lines> {
  const history = await loadHistory(state);
  return {
    async next() {
      const line = (await readTypedLine(history, terminal))?.trim();
      if (line === undefined) terminal.out("\n");
      else await remember(line, history, state);
      return line?.replaceAll(LINE_END, "\n");
    },
    close() {},
  };
}

/** Newest first, as the line reader wants it. */
async function loadHistory(state: Files): Promise<string[]> {
  const text = await state.readText(HISTORY_FILE);
  return text === undefined ? [] : text.split("\n").filter((line) => line !== "").reverse();
}

/** Lines that carry secrets are not kept. */
async function remember(line: string, history: string[], state: Files): Promise<void> {
  if (line === "" || line === history[0] || line.startsWith("/secret")) return;
  history.unshift(line);
  history.splice(HISTORY_LINES);
  await state.locked(HISTORY_FILE, async () => {
    // another conversation may have added to it meanwhile
    const kept = [line, ...await loadHistory(state)].slice(0, HISTORY_LINES);
    await state.replace(HISTORY_FILE, `${kept.toReversed().join("\n")}\n`);
  });
}
