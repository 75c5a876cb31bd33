import type { Command } from "@commander-js/extra-typings";
import type { CliContext, End } from "../../context.ts";
import { findClamId } from "../../find_clam_id.ts";
import { readTypedObject } from "../../options.ts";
import { formatJson, withStores } from "../../stores.ts";
import { unlockIfWanted } from "../../unlock.ts";
import { formatExplanation } from "./grant_text.ts";

/** `clambot approvals explain`: which rule a call would pass by, without doing it. */
export function registerExplain(approvals: Command, context: CliContext, end: End): void {
  approvals.command("explain")
    .description("Say which rule a call would pass by, or which grants it lacks; nothing is done")
    .argument("<tool>")
    .argument("<json>", "the arguments of the call, a JSON object")
    .option("--clam <clam>", "the clam that would make it: id, its beginning, or name")
    .option("--json", "print one JSON object")
    .action(async (tool, text, options) => {
      const args = readTypedObject(text, "The text of the arguments");
      await unlockIfWanted(context);
      await withStores(context, end, async (stores) => {
        const { explainCall } = await import("../../../app/explain.ts");
        const clam = options.clam === undefined
          ? undefined
          : await stores.library.get(await findClamId(stores.library, options.clam));
        const call = { tool, args, ...(clam ? { clam } : {}) };
        const explained = await explainCall(call, stores, context);
        context.terminal.out(options.json ? formatJson(explained) : formatExplanation(explained));
      });
    });
}
