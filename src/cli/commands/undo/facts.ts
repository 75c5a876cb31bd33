import type { CliCommand } from "../../command.ts";

/** Facts of `clambot undo`. */
export const undoCommand: CliCommand = {
  name: "undo",
  group: "Ask:",
  examples: {
    "": [
      "clambot undo",
      "clambot undo --list",
      "clambot undo ID",
    ],
  },
  load: async () => (await import("./undo.ts")).registerUndo,
};
