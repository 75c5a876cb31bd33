import { basename, dirname } from "node:path";
import { findMisforms } from "../app/config_forms.ts";
import { listDoubts } from "../cli/doubts.ts";
import { saveConfig } from "../config/save.ts";
import { CodedError, type Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { createClock } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import { findFullDisk } from "../platform/full_disk.ts";
import type { Places } from "../config/home.ts";
import type { Config } from "../config/schema.ts";
import { wideningSentences } from "./widening.ts";

/** A key and its new value; without a value the key is taken out. */
type WantedChange = { readonly key: string; readonly value?: Json };

/**
 * Changes keys of the configuration, as far as the person allows what they widen. `said`: changes that
 * the person's command line consists in, which are not asked about.
 * @returns one line per change, and what is doubtful about it
 * @throws {CodedError} nothing is changed then
 */
export async function writeConfig(
  changes: readonly WantedChange[],
  places: Places,
  said: readonly WantedChange[] = [],
): Promise<string[]> {
  try {
    return await change(changes, places, said);
  } catch (error) {
    const { code, message, hint } = failureOf(error, places);
    throw new CodedError(code, message, hint);
  }
}

async function change(
  changes: readonly WantedChange[],
  places: Places,
  said: readonly WantedChange[],
): Promise<string[]> {
  // a link stays a link: what it leads to is changed
  const path = await Deno.realPath(places.config).catch(() => places.config);
  const files = openFiles(dirname(path));
  const named = changes.map(({ key, value }) => ({ key, value }));
  let doubts: string[] = [];
  const lines = await saveConfig(files, basename(path), named, createClock(), {
    findMisforms,
    async allow(before, after) {
      await confirmWidening(withAll(before, said), after as unknown as Json);
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

/** The configuration as if these keys had stood so already. */
function withAll(config: Config, changes: readonly WantedChange[]): Json {
  const whole = structuredClone(config) as unknown as JsonObject;
  for (const { key, value } of changes) {
    const steps = key.split(".");
    const last = steps.pop() ?? "";
    const section = steps.reduce<JsonObject>((at, step) => at[step] as JsonObject, whole);
    // a text that is left out is empty
    (section as Record<string, Json>)[last] = value ?? "";
  }
  return whole;
}

/** Widening what programs may do takes a yes at the terminal, asked by the launcher itself. */
async function confirmWidening(before: Json, after: Json): Promise<void> {
  const sentences = wideningSentences(before, after);
  if (sentences.length === 0) return;
  const text = sentences.join("\n  ");
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) {
    throw new CodedError(
      "approval_needed",
      `This change gives more rights and must be confirmed at a terminal: ${text}`,
      "Run the command in a terminal, or edit config.json yourself.",
    );
  }
  const { confirmed } = await import("../channels/terminal.ts");
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
