import type { HelpText } from "../cli/help_texts.ts";
import { VERSION } from "../domain/version.ts";

/** Columns where output is no terminal, and of many terminals. */
export const USUAL_COLUMNS = 80;

/**
 * Answers what needs neither home nor core: the version, and the help of a command where it stands
 * ready as text. `false` where the program has to be started for it.
 */
export async function answerAtOnce(args: readonly string[]): Promise<boolean> {
  const text = args[0] === "--version" ? `${VERSION}\n` : await findHelp(args);
  if (text === undefined) return false;
  const bytes = new TextEncoder().encode(text);
  try {
    for (let sent = 0; sent < bytes.length;) sent += Deno.stdout.writeSync(bytes.subarray(sent));
  } catch {
    Deno.exit(1); // nobody reads it
  }
  return true;
}

async function findHelp(args: readonly string[]): Promise<string | undefined> {
  const words = askedHelp(args);
  if (words === undefined) return undefined;
  const { helpTexts } = await import("../cli/help_texts.ts");
  return Object.hasOwn(helpTexts, words) ? fitting(helpTexts[words], terminalColumns()) : undefined;
}

/** The command whose help is asked for and nothing else, by its words; `""` is the program. */
export function askedHelp(args: readonly string[]): string | undefined {
  const words = args.length === 0
    ? []
    : args[0] === "help"
    ? args.slice(1)
    : ["--help", "-h"].includes(args.at(-1) ?? "")
    ? args.slice(0, -1)
    : undefined;
  return words?.every((word) => /^[a-z][a-z_-]*$/.test(word)) ? words.join(" ") : undefined;
}

/** The text as the command line would write it; `undefined` where it would break other lines. */
export function fitting(text: HelpText | undefined, columns: number): string | undefined {
  if (text === undefined) return undefined;
  if (columns >= text.columns) return text.unbroken;
  return columns === USUAL_COLUMNS ? text.usual : undefined;
}

function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || USUAL_COLUMNS;
  } catch {
    return USUAL_COLUMNS; // output is no terminal
  }
}
