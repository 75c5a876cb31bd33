import type { CliCommand } from "../../command.ts";

/** Facts of `clambot cleanup`. */
export const cleanupCommand: CliCommand = {
  name: "cleanup",
  group: "Look after what is kept:",
  reachesGateway: true,
  examples: {
    "": ["clambot cleanup --dry-run", "clambot cleanup", "clambot cleanup --dry-run --json"],
  },
  load: async () => (await import("./cleanup.ts")).registerCleanup,
};
