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

/** Where the lines of a conversation are remembered. */
export interface LineMemory {
  readonly state: Files;
  /** Whether nothing of a line may be remembered. */
  isSecret(line: string): boolean;
}

/** Opens what a person says for a conversation; at a terminal with editing and a lasting history. */
export async function openLines(terminal: Terminal, memory: LineMemory): Promise<Lines> {
  return terminal.interactive ? await openTyped(terminal, memory) : openPiped(terminal);
}

/** One reader for the whole input: what comes in one piece with a line is not lost. */
function openPiped(terminal: Terminal): Lines {
  const lines = readLines(terminal.input());
  return {
    next: async () => (await lines.next()).value?.trim(),
    close: () => void lines.return(undefined),
  };
}

async function* readLines(input: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of input) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** What is pasted is one message, however many lines it has. */
async function openTyped(terminal: Terminal, memory: LineMemory): Promise<Lines> {
  const history = await loadHistory(memory.state);
  return {
    async next() {
      const line = (await readTypedLine(history, terminal))?.trim();
      if (line === undefined) terminal.out("\n");
      else await remember(line, history, memory);
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

async function remember(
  line: string,
  history: string[],
  { state, isSecret }: LineMemory,
): Promise<void> {
  if (line === "" || line === history[0] || isSecret(line)) return;
  history.unshift(line);
  history.splice(HISTORY_LINES);
  await state.locked(HISTORY_FILE, async () => {
    // another conversation may have added to it meanwhile
    const kept = [line, ...await loadHistory(state)].slice(0, HISTORY_LINES);
    await state.replace(HISTORY_FILE, `${kept.toReversed().join("\n")}\n`);
  });
}
