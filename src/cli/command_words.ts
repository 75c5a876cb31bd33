/** Options of the program itself that take a value. */
const WITH_VALUE = ["--home", "--config"];

/**
 * The words of a command line that are no options and no values of the program's own, such as
 * `["provider", "connect", "ollama"]`. `valued`: further options that take one.
 */
export function commandWords(
  args: readonly string[],
  valued: readonly string[] = [],
): string[] {
  const words: string[] = [];
  let isOpen = true;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (isOpen && arg === "--") isOpen = false;
    else if (isOpen && [...WITH_VALUE, ...valued].includes(arg)) at++;
    else if (!isOpen || arg === "-" || !arg.startsWith("-")) words.push(arg);
  }
  return words;
}
