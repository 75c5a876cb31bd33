/** Options of the program itself that take a value. */
const WITH_VALUE = ["--home", "--config"];

/** The command on the command line, such as `agent`; values of options never count. */
export function commandWord(args: readonly string[]): string | undefined {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (WITH_VALUE.includes(arg)) at++;
    else if (!arg.startsWith("-")) return arg;
  }
  return undefined;
}
