import type { CliCommand } from "../../command.ts";

/** Facts of `clambot sessions`. */
export const sessionsCommand: CliCommand = {
  name: "sessions",
  group: "Look after what is kept:",
  examples: {
    "": [
      "clambot sessions list",
      "clambot sessions show ID",
      "clambot sessions export ID --format json > conversation.json",
    ],
    list: ["clambot sessions list"],
    show: ["clambot sessions show ID"],
    export: ["clambot sessions export ID --format md > conversation.md"],
    remove: ["clambot sessions remove ID"],
  },
  load: async () => (await import("./sessions.ts")).registerSessions,
};
