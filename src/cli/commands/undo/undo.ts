import type { Command } from "@commander-js/extra-typings";
import { CodedError } from "../../../domain/failure.ts";
import { escapeLine } from "../../../text/escape.ts";
import { formatTime } from "../../../text/local_time.ts";
import type { FileChange } from "../../../tools/catalog.ts";
import type { CliContext, End } from "../../context.ts";
import { cancelOnInterrupt } from "../../options.ts";
import { formatTable } from "../../print.ts";
import { formatJson, withStores } from "../../stores.ts";

/** `clambot undo`: takes back what programs did to files. */
export function registerUndo(program: Command, context: CliContext, end: End): void {
  program.command("undo")
    .description("Take back the last change of a file, or the one with this id")
    .argument("[id]", "as `undo --list` shows it")
    .option("--list", "list what can be undone, newest first")
    .option("--json", "print JSON")
    .action((id, { list, json }) =>
      withStores(context, end, async (stores) => {
        const { openUndoable } = await import("../../../app/undo.ts");
        const { undo, workspace } = openUndoable(stores, context);
        const print = (text: string) => context.terminal.out(text);
        if (list) {
          const changes = (await undo.list()).toReversed();
          print(json ? formatJson(changes) : formatChanges(changes, stores.clock.zone()));
          return;
        }
        const { undoLast } = await import("../../../tools/catalog.ts");
        const { signal, release } = cancelOnInterrupt(context);
        try {
          const change = await undoLast(undo, workspace, signal, id);
          if (!change) throw noChange(id);
          print(json ? formatJson(change) : `Undid the ${describe(change)}.\n`);
        } finally {
          release();
        }
      })
    );
}

function describe({ operation, path, to }: FileChange): string {
  return escapeLine(`${operation} of ${path}${to === undefined ? "" : ` to ${to}`}`);
}

function formatChanges(changes: readonly FileChange[], zone: string): string {
  if (changes.length === 0) return "Nothing can be undone.\n";
  const rows = changes.map((change) => [
    change.id,
    formatTime(Date.parse(change.at), zone),
    describe(change),
    change.undoes === undefined ? "" : "an undoing",
  ]);
  return formatTable([["ID", "WHEN", "WHAT"], ...rows]);
}

function noChange(id: string | undefined): CodedError {
  return new CodedError(
    "change_not_found",
    id === undefined
      ? "There is no change of a file to undo."
      : `There is no change "${id}" to undo.`,
    "See clambot undo --list.",
  );
}
