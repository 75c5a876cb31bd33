/** Options of the program itself that take a value. */
const WITH_VALUE = ["--home", "--config"];

/**
 * The words of a command line that are no options and no values of the program's own, such as
 * `["provider", "connect", "ollama"]`.
 */
export function commandWords(args: readonly string[]): string[] {
  const words: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (WITH_VALUE.includes(arg)) at++;
    else if (!arg.startsWith("-")) words.push(arg);
  }
  return words;
}
