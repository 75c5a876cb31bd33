import { CodedError } from "../../../domain/failure.ts";
import type { ModelExchange } from "../../../domain/model_exchange.ts";
import type { Clean } from "../../../domain/redacted.ts";
import type { CliContext } from "../../context.ts";
import type { AgentOptions } from "../../options.ts";

/** Where prompts and answers go that the person wants to see. */
export interface PromptFile {
  /** What the house is told to do with them. */
  readonly setting: { readonly onExchange?: (exchange: Clean<ModelExchange>) => void };
  /** Waits until all of it is written. @throws {CodedError} `file_failed` */
  end(): Promise<void>;
}

/**
 * Opens the file of `--show-prompts`, if there is one.
 * @throws {CodedError} `usage` or `file_failed` before anything is asked
 */
export async function openPromptFile(
  { showPrompts }: AgentOptions,
  { launcher }: CliContext,
): Promise<PromptFile> {
  if (showPrompts === undefined) return { setting: {}, end: () => Promise.resolve() };
  if (showPrompts === "") throw new CodedError("usage", "--show-prompts wants the name of a file.");
  await launcher.writePrompts("");
  let count = 0;
  let writing: Promise<void> = Promise.resolve();
  return {
    setting: {
      onExchange: (exchange) => {
        const text = format(exchange, ++count);
        writing = writing.then(() => launcher.writePrompts(text));
        writing.catch(() => {}); // told at the end
      },
    },
    end: () => writing,
  };
}

/** One exchange as Markdown. */
function format({ purpose, model, messages, answer }: ModelExchange, count: number): string {
  const said = messages.map(({ role, text }) => `### ${role}\n\n${text}\n`);
  return [`## ${count}. ${purpose}, ${model}\n`, ...said, `### answer\n\n${answer}\n`, ""].join(
    "\n",
  );
}
