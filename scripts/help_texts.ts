// Renders the help of every command, which the bundle carries as text (scripts/bundle.ts).
import { COMMANDS } from "../src/cli/commands.ts";
import type { CliContext } from "../src/cli/context.ts";
import type { HelpText } from "../src/cli/help_texts.ts";
import { buildProgram } from "../src/cli/program.ts";
import { USUAL_COLUMNS } from "../src/walls/answer_at_once.ts";

/** What of a command is read here. */
interface AnyCommand {
  readonly commands: readonly AnyCommand[];
  name(): string;
  outputHelp(): void;
}

/** More columns than any line of any help has. */
const ENDLESS_COLUMNS = 200;

/**
 * Every command by its words, `""` for the program itself, with its help as a terminal of so many
 * columns shows it.
 */
export async function renderHelp(columns: number): Promise<Map<string, string>> {
  let text = "";
  const terminal = { out: (more: string) => text += more, err() {}, columns: () => columns };
  const context = { version: "0", terminal } as unknown as CliContext;
  const found = new Map<string, string>();
  const visit = (command: AnyCommand, words: string) => {
    text = "";
    command.outputHelp();
    found.set(words, text);
    for (const child of command.commands) visit(child, `${words} ${child.name()}`.trim());
  };
  visit(await buildProgram(COMMANDS, context, () => {}) as unknown as AnyCommand, "");
  return found;
}

/** The texts for the terminals that most people have. */
export async function makeHelpTexts(): Promise<Readonly<Record<string, HelpText>>> {
  const usual = await renderHelp(USUAL_COLUMNS);
  const unbroken = await renderHelp(ENDLESS_COLUMNS);
  const columns = new Map([...unbroken.keys()].map((words) => [words, ENDLESS_COLUMNS]));
  // how much room a line needs is known to the parser alone, so each width is tried
  for (let width = ENDLESS_COLUMNS - 1; width >= USUAL_COLUMNS; width--) {
    for (const [words, text] of await renderHelp(width)) {
      const isSame = columns.get(words) === width + 1 && unbroken.get(words) === text;
      if (isSame) columns.set(words, width);
    }
  }
  return Object.fromEntries(
    [...usual].map(([words, text]) => [words, {
      usual: text,
      unbroken: unbroken.get(words) ?? text,
      columns: columns.get(words) ?? ENDLESS_COLUMNS,
    }]),
  );
}
