import { CodedError } from "../../domain/failure.ts";
import { readInput } from "../../platform/deno.ts";
import { commandWords } from "../../cli/command_words.ts";
import { findCommand } from "../../cli/commands.ts";
import type { LauncherTask } from "./task.ts";

/** Bytes of a file that is read for the core at most. */
const LARGEST = 16 * 1024 * 1024;

/** Reads the file that the person named as the program to run: naming it is the permission. */
export const readArgumentTask: LauncherTask = {
  name: "read_argument",
  does: "reads the one file that stands on the command line of `run`",
  async serve(order, { args }) {
    const { path } = order as { readonly path?: unknown } ?? {};
    const { readsFile } = findCommand(args) ?? {};
    const [, named] = readsFile ? commandWords(args, readsFile.valued) : [];
    if (typeof path !== "string" || path !== named) {
      throw new CodedError("usage", "No such file was named on the command line.");
    }
    return { value: path === "-" ? await readInput(LARGEST) : await readText(path) };
  },
};

async function readText(path: string): Promise<string> {
  if (path === "") throw new CodedError("usage", "The name of the file is empty.");
  try {
    const { size, isFile } = await Deno.stat(path);
    if (!isFile) throw new CodedError("file_type_mismatch", `"${path}" is not a file.`);
    if (size > LARGEST) throw new CodedError("file_too_large", `"${path}" is too large.`);
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof CodedError) throw error;
    if (error instanceof Deno.errors.NotFound) {
      throw new CodedError("file_not_found", `There is no file "${path}".`);
    }
    const why = error instanceof Error ? error.message : String(error);
    throw new CodedError("file_failed", `Cannot read "${path}": ${why}`);
  }
}
