import { join } from "node:path";
import { CodedError } from "../../domain/failure.ts";
import { commandWords } from "../../cli/command_words.ts";
import { findCommand } from "../../cli/commands.ts";
import type { LauncherTask } from "./task.ts";

/** Bytes of each file at most. */
const LARGEST = 1024 * 1024;

/** Reads what the person named as a clam of somebody else: naming it is the permission. */
export const readClamTask: LauncherTask = {
  name: "read_clam",
  does:
    "reads `CLAM.md` and `run.js` in the one place that stands on the command line of `clams import`",
  async serve(order, { args }) {
    const { path } = order as { readonly path?: unknown } ?? {};
    const [, below, named] = commandWords(args);
    const reads = findCommand(args)?.readsClam;
    if (typeof path !== "string" || reads === undefined || below !== reads || path !== named) {
      throw new CodedError("usage", "No such clam was named on the command line.");
    }
    const found = await look(path);
    if (found === undefined) throw new CodedError("file_not_found", `There is no "${path}".`);
    if (!found.isDirectory) return { value: { manifest: await read(path), script: null } };
    const script = join(path, "run.js");
    const isThere = await look(script) !== undefined;
    return {
      value: {
        manifest: await read(join(path, "CLAM.md")),
        script: isThere ? await read(script) : null,
      },
    };
  },
};

async function read(path: string): Promise<string> {
  // a link could lead to a file that nobody named
  const found = await look(path);
  if (found === undefined) throw new CodedError("file_not_found", `There is no file "${path}".`);
  if (!found.isFile) throw new CodedError("file_type_mismatch", `"${path}" is no ordinary file.`);
  if (found.size > LARGEST) {
    throw new CodedError("file_too_large", `"${path}" is larger than ${LARGEST} bytes.`);
  }
  try {
    const bytes = await Deno.readFile(path);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw failed(path, error);
    throw new CodedError(
      "file_not_text",
      `"${path}" is no text in UTF-8.`,
      "Unpack an archive first, look at it, and name its directory.",
    );
  }
}

async function look(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw failed(path, error);
  }
}

function failed(path: string, error: unknown): CodedError {
  const why = error instanceof Error ? error.message : String(error);
  return new CodedError("file_failed", `Cannot read "${path}": ${why}`);
}
