import { type AskedAtTerminal, asking } from "../../platform/asking.ts";

// Every question to the person is asked here: through `asking`, so that keys that came too early
// answer nothing, and with the prompt library loaded before anything is shown.

/** One thing to choose. */
export interface Option<T> {
  readonly value: T;
  readonly label: string;
}

/** What a choice may have besides. */
export interface ChoiceOptions {
  /** Shown above the question. */
  readonly above?: string;
  /** Place of the option that Enter alone takes; else the first. */
  readonly initial?: number;
  /** Takes the question back. */
  readonly signal?: AbortSignal;
}

/** Lets the person choose with arrow keys; `undefined` when they leave the question. */
export async function chooseOne<T>(
  message: string,
  options: readonly Option<T>[],
  { above = "", initial = 0, signal }: ChoiceOptions = {},
): Promise<T | undefined> {
  const { isCancel, select } = await import("@clack/prompts");
  const shown = options.map(({ label }, index) => ({ value: index, label }));
  const question = (asked: AskedAtTerminal) => {
    asked.output.write(above);
    return select({ message, options: shown, initialValue: initial, ...asked });
  };
  const chosen = await asking(question, { signal, takesText: false });
  return isCancel(chosen) ? undefined : options[chosen]?.value;
}

/** Asks yes or no. Enter alone is no, and so is leaving the question. */
export async function confirmed(message: string, above = ""): Promise<boolean> {
  const { confirm, isCancel } = await import("@clack/prompts");
  const question = (asked: AskedAtTerminal) => {
    asked.output.write(above);
    return confirm({ message, initialValue: false, ...asked });
  };
  const answer = await asking(question, { takesText: false });
  return !isCancel(answer) && answer;
}

/** Asks for something that nobody may see; `undefined` when they leave the question. */
export async function askHidden(
  message: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { isCancel, password } = await import("@clack/prompts");
  const question = (asked: AskedAtTerminal) => password({ message, ...asked });
  const answer = await asking(question, { signal, takesText: true });
  return isCancel(answer) ? undefined : answer.trim();
}

/** Asks for a line of text; `undefined` when they leave the question. Aborting takes it back. */
export async function askText(message: string, signal: AbortSignal): Promise<string | undefined> {
  const { isCancel, text } = await import("@clack/prompts");
  const question = (asked: AskedAtTerminal) => text({ message, ...asked });
  const answer = await asking(question, { signal, takesText: true });
  signal.throwIfAborted();
  return isCancel(answer) ? undefined : answer.trim();
}
