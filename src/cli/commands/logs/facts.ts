import type { CliCommand } from "../../command.ts";

/** Facts of `clambot logs`. */
export const logsCommand: CliCommand = {
  name: "logs",
  group: "Look after what is kept:",
  worksWithoutConfig: true,
  examples: {
    "": ["clambot logs --since 1h", "clambot logs -f --level warn", "clambot logs --json"],
  },
  load: async () => (await import("./logs.ts")).registerLogs,
};
