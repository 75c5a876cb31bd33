import process from "node:process";
import { createInterface, type Interface } from "node:readline/promises";
import { createKeyStream, MARK_PASTES, openKeyboard } from "../platform/keyboard.ts";
import type { Terminal } from "../platform/platform.ts";
import { createBursts } from "./_bursts.ts";

const PROMPT = "you> ";

/**
 * One line of the person's, edited; `undefined` at the end of input or on Ctrl-C. Line ends of what
 * was pasted stand in it as signs. The keyboard is held only so long, so that a question during an
 * answer has it to itself.
 */
export async function readTypedLine(
  history: readonly string[],
  terminal: Terminal,
): Promise<string | undefined> {
  const input = createKeyStream();
  const reader = createInterface({
    input,
    output: process.stdout,
    terminal: true,
    history: [...history],
    historySize: history.length,
  });
  const bursts = createBursts({ keys: (text) => void input.write(text) });
  const keyboard = openKeyboard({
    take: ({ kind, text }) => kind === "paste" ? bursts.paste(text) : bursts.keys(text),
    beat: () => bursts.beat(),
    end: () => reader.close(),
  });
  terminal.out(MARK_PASTES.on);
  try {
    return await question(reader);
  } finally {
    terminal.out(MARK_PASTES.off);
    reader.close();
    keyboard.release();
  }
}

function question(reader: Interface): Promise<string | undefined> {
  return new Promise((resolve) => {
    reader.on("close", () => resolve(undefined));
    reader.on("SIGINT", () => resolve(undefined));
    reader.question(PROMPT).then(resolve, () => resolve(undefined));
  });
}
