import { basename, dirname } from "node:path";
import { findMisforms } from "../app/config_forms.ts";
import { isTrueOf } from "../cli/commands.ts";
import { listDoubts } from "../cli/doubts.ts";
import { saveConfig } from "../config/save.ts";
import { CodedError, type Failure } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import { createClock, readInput } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import { findFullDisk } from "../platform/full_disk.ts";
import type { Places } from "../config/home.ts";
import type { Config } from "../config/schema.ts";
import type { Start, ToCore, ToLauncher } from "./_messages.ts";
import { wideningSentences } from "./widening.ts";

/** Bytes of a file that is read for the core at most. */
const LARGEST_ARGUMENT = 16 * 1024 * 1024;

type Wanted = Extract<ToLauncher, { id: number }>;

/** Does one thing for the core that the core has no permission for, or says why not. */
export async function answerCore(wanted: Wanted, start: Start, places: Places): Promise<ToCore> {
  try {
    const value = wanted.kind === "read"
      ? await readArgument(wanted.path, start.args)
      : await changeConfig(wanted.changes, start.args, places);
    return { kind: "answer", id: wanted.id, value };
  } catch (error) {
    return { kind: "refusal", id: wanted.id, failure: failureOf(error, places) };
  }
}

/** Only files that stand on the command line as they are: naming one is permission to read it. */
async function readArgument(path: string, args: readonly string[]): Promise<string> {
  if (!args.includes(path)) {
    throw new CodedError("usage", `"${path}" was not named on the command line.`);
  }
  if (path === "-") return await readInput(LARGEST_ARGUMENT);
  if (path === "") throw new CodedError("usage", "The name of the file is empty.");
  try {
    const { size, isFile } = await Deno.stat(path);
    if (!isFile) throw new CodedError("file_type_mismatch", `"${path}" is not a file.`);
    if (size > LARGEST_ARGUMENT) throw new CodedError("file_too_large", `"${path}" is too large.`);
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof CodedError) throw error;
    if (error instanceof Deno.errors.NotFound) {
      throw new CodedError("file_not_found", `There is no file "${path}".`);
    }
    throw new CodedError("file_failed", `Cannot read "${path}": ${reasonOf(error)}`);
  }
}

async function changeConfig(
  changes: readonly { readonly key: string; readonly value?: Json }[],
  args: readonly string[],
  places: Places,
): Promise<string[]> {
  if (!isTrueOf(args, "mayWriteConfig")) {
    throw new CodedError("usage", "This command does not change the configuration.");
  }
  // a link stays a link: what it leads to is changed
  const path = await Deno.realPath(places.config).catch(() => places.config);
  const files = openFiles(dirname(path));
  const named = changes.map(({ key, value }) => ({ key, value }));
  let doubts: string[] = [];
  const lines = await saveConfig(files, basename(path), named, createClock(), {
    findMisforms,
    async allow(before, after) {
      await confirmWidening(before, after);
      doubts = newDoubts(before, after);
    },
  });
  return [...lines, ...doubts];
}

/** What a change brings that was hardly meant so. */
function newDoubts(before: Config, after: Config): string[] {
  const [old, young] = [before, after].map((config) => listDoubts({ warnings: [], config }));
  return young?.filter((doubt) => !old?.includes(doubt)) ?? [];
}

/** Widening what programs may do takes a yes at the terminal, asked by the launcher itself. */
async function confirmWidening(before: Config, after: Config): Promise<void> {
  const sentences = wideningSentences(before as unknown as Json, after as unknown as Json);
  if (sentences.length === 0) return;
  const text = sentences.join("\n  ");
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) {
    throw new CodedError(
      "approval_needed",
      `This change gives more rights and must be confirmed at a terminal: ${text}`,
      "Run the command in a terminal, or edit config.json yourself.",
    );
  }
  const { confirmed } = await import("../channels/catalog.ts");
  if (!await confirmed("Do it?", `This gives more rights:\n  ${text}\n`)) {
    throw new CodedError("approval_denied", "Nothing was changed.");
  }
}

function failureOf(error: unknown, { config }: Places): Failure {
  if (error instanceof CodedError && error.cause instanceof Deno.errors.PermissionDenied) {
    return { code: "file_failed", message: `You may not write to ${dirname(config)}.` };
  }
  if (error instanceof CodedError) return error.failure;
  return findFullDisk(error, dirname(config)) ?? { code: "internal", message: reasonOf(error) };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
