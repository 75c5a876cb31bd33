import { asking } from "../../platform/asking.ts";

/** One thing to choose. */
export interface Option<T> {
  readonly value: T;
  readonly label: string;
}

/** Lets the person choose with arrow keys; `undefined` when they leave the question. */
export async function chooseOne<T>(
  message: string,
  options: readonly Option<T>[],
): Promise<T | undefined> {
  const { isCancel, select } = await import("@clack/prompts");
  const shown = options.map(({ label }, index) => ({ value: index, label }));
  const chosen = await asking((asked) => select({ message, options: shown, ...asked }));
  return isCancel(chosen) ? undefined : options[chosen]?.value;
}

/** Asks yes or no; leaving the question is no. */
export async function confirmed(message: string): Promise<boolean> {
  const { confirm, isCancel } = await import("@clack/prompts");
  const answer = await asking((asked) => confirm({ message, ...asked }));
  return !isCancel(answer) && answer;
}

/** Asks for something that nobody may see; `undefined` when they leave the question. */
export async function askHidden(message: string): Promise<string | undefined> {
  const { isCancel, password } = await import("@clack/prompts");
  const answer = await asking((asked) => password({ message, ...asked }));
  return isCancel(answer) ? undefined : answer.trim();
}

/** Asks for a line of text; `undefined` when they leave the question. Aborting takes it back. */
export async function askText(message: string, signal: AbortSignal): Promise<string | undefined> {
  const { isCancel, text } = await import("@clack/prompts");
  const answer = await asking((asked) => text({ message, ...asked }), signal);
  signal.throwIfAborted();
  return isCancel(answer) ? undefined : answer.trim();
}
