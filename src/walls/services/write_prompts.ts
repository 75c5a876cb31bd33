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

/** The value of the option, in both ways to write one; nothing behind `--` counts. */
function namedFile(args: readonly string[]): string | undefined {
  const end = args.indexOf("--");
  const options = end < 0 ? args : args.slice(0, end);
  const at = options.findIndex((arg) => arg === OPTION || arg.startsWith(`${OPTION}=`));
  const found = options[at];
  return found === OPTION ? options[at + 1] : found?.slice(OPTION.length + 1);
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
