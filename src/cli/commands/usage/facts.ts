import type { CliCommand } from "../../command.ts";

/** Facts of `clambot usage`. */
export const usageCommand: CliCommand = {
  name: "usage",
  group: "Look after what is kept:",
  examples: {
    "": [
      "clambot usage",
      "clambot usage --days 30 --json",
    ],
  },
  load: async () => (await import("./usage.ts")).registerUsage,
};
