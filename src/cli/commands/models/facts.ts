import type { CliCommand } from "../../command.ts";

/** Facts of `clambot models`. */
export const modelsCommand: CliCommand = {
  name: "models",
  group: "Set up and check:",
  examples: {
    "": [
      "clambot models",
      "clambot models ollama --json",
    ],
  },
  load: async () => (await import("./models.ts")).registerModels,
};
