import { isTrueOf } from "../../cli/commands.ts";
import { CodedError } from "../../domain/failure.ts";
import type { LauncherTask } from "./task.ts";

const OPTION = "--show-prompts";

/** Adds to the file that the person named for it, which stands where the core may not write. */
export const writePromptsTask: LauncherTask = {
  name: "write_prompts",
  does: "adds what models were asked to the one file that `agent --show-prompts` names",
  async serve(order, { args }) {
    const { text } = order as { readonly text?: unknown } ?? {};
    const path = namedFile(args);
    if (typeof text !== "string" || path === undefined || !isTrueOf(args, "showsPrompts")) {
      throw new CodedError("usage", "No such file was named on the command line.");
    }
    await append(path, text);
    return { value: null };
  },
};

/** Options of `agent` and of the program itself whose value is the argument behind them. */
const VALUED = ["--home", "--config", "-m", "--message", "--session", "--grant", "--expires"];

/** The value of the option, in both ways to write one; no value of another one can be it. */
function namedFile(args: readonly string[]): string | undefined {
  let named: string | undefined;
  for (let at = 0; at < args.length && args[at] !== "--"; at++) {
    const arg = args[at] ?? "";
    if (VALUED.includes(arg)) at++;
    else if (arg === OPTION) named = args[++at];
    else if (arg.startsWith(`${OPTION}=`)) named = arg.slice(OPTION.length + 1);
  }
  return named;
}

/** Only the owner can read what is made here, or added to. */
async function append(path: string, text: string): Promise<void> {
  try {
    await Deno.writeTextFile(path, text, { append: true, mode: 0o600 });
    if (Deno.build.os !== "windows") await Deno.chmod(path, 0o600);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CodedError("file_failed", `Cannot write "${path}": ${why}`, "Name another file.");
  }
}
