import type { CliCommand } from "../../command.ts";

/** Facts of `clambot memory`. */
export const memoryCommand: CliCommand = {
  name: "memory",
  group: "Look after what is kept:",
  examples: {
    "": [
      "clambot memory show",
      "clambot memory search library",
      "clambot memory forget my old address",
      "clambot memory undo --list",
    ],
    show: ["clambot memory show"],
    search: ["clambot memory search Berlin"],
    forget: ["clambot memory forget Berlin", "clambot memory forget Berlin --yes"],
    history: ["clambot memory history"],
    waiting: ["clambot memory waiting"],
    keep: ["clambot memory keep ID"],
    drop: ["clambot memory drop ID"],
    undo: ["clambot memory undo --list", "clambot memory undo ID"],
  },
  load: async () => (await import("./memory.ts")).registerMemory,
};
