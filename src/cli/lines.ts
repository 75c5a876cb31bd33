import process from "node:process";
import { createInterface, type Interface } from "node:readline/promises";
import { awake } from "../platform/awake.ts";
import type { Files, Terminal } from "../platform/platform.ts";

const PROMPT = "you> ";
const HISTORY_LINES = 1000;
const HISTORY_FILE = "repl-history";

/** What the person types, line by line. */
export interface Lines {
  /** The next line, trimmed; `undefined` at the end of input, or on Ctrl-C at the prompt. */
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

/**
 * The reader lives only while it waits for a line, so that a question during an answer has the
 * terminal to itself. Lines pasted together wait their turn.
 */
async function openTyped(terminal: Terminal, state: Files): Promise<Lines> {
  const history = await loadHistory(state);
  const pasted: string[] = [];
  return {
    async next() {
      const line = (pasted.shift() ?? await readLine(history, pasted))?.trim();
      if (line === undefined) terminal.out("\n");
      else await remember(line, history, state);
      return line;
    },
    close() {},
  };
}

async function readLine(history: string[], pasted: string[]): Promise<string | undefined> {
  const reader = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: true,
    history: [...history],
    historySize: HISTORY_LINES,
  });
  reader.on("line", (line) => pasted.push(line));
  try {
    return await awake(() => question(reader));
  } finally {
    reader.close();
  }
}

function question(reader: Interface): Promise<string | undefined> {
  return new Promise((resolve) => {
    reader.on("close", () => resolve(undefined));
    reader.on("SIGINT", () => resolve(undefined));
    reader.question(PROMPT).then(resolve, () => resolve(undefined));
  });
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
