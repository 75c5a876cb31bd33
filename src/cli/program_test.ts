import assert from "node:assert/strict";
import type { CliContext } from "./context.ts";
import { COMMANDS } from "./commands.ts";
import { buildProgram } from "./program.ts";

/** What of a command is read here. */
interface AnyCommand {
  readonly commands: readonly AnyCommand[];
  name(): string;
  outputHelp(): void;
}

/** Every command by its words, with the text of its help. */
async function helpTexts(): Promise<Map<string, string>> {
  let text = "";
  const terminal = { out: (more: string) => text += more, err() {}, columns: () => 80 };
  const context = { version: "0", terminal } as unknown as CliContext;
  const program = await buildProgram(COMMANDS, context, () => {});
  const found = new Map<string, string>();
  const visit = (command: AnyCommand, words: string) => {
    text = "";
    command.outputHelp();
    found.set(words, text);
    for (const child of command.commands) visit(child, `${words} ${child.name()}`.trim());
  };
  visit(program as unknown as AnyCommand, "");
  found.delete("");
  return found;
}

Deno.test("the help of every command has an example of that very command", async () => {
  const texts = await helpTexts();
  assert.ok(texts.size > 40);
  for (const [words, text] of texts) {
    assert.ok(text.includes(`$ clambot ${words}`) || text.includes(` clambot ${words}`), words);
    assert.match(text, /Examples?:/, words);
  }
});
