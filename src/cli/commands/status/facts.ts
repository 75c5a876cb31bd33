import type { CliCommand } from "../../command.ts";

/** Facts of `clambot status`. */
export const statusCommand: CliCommand = {
  name: "status",
  group: "Set up and check:",
  reachesGateway: true,
  examples: {
    "": [
      "clambot status",
      "clambot status --check",
      "clambot status --permissions",
      "clambot status --permissions --try",
    ],
  },
  load: async () => (await import("./status.ts")).registerStatus,
};
