import type { CliCommand } from "../../command.ts";

/** Facts of `clambot config`. */
export const configCommand: CliCommand = {
  name: "config",
  group: "Set up and check:",
  mayWriteConfig: ["set", "unset"],
  worksWithoutConfig: ["path"],
  tellsDoubts: ["check"],
  examples: {
    "": [
      "clambot config get agents.defaults",
      "clambot config set agents.defaults.timezone Europe/Vienna",
      "clambot config unset agents.defaults.timezone",
      "clambot config check",
    ],
    path: ["clambot config path"],
    check: ["clambot config check"],
    get: ["clambot config get", "clambot config get agents.defaults"],
    set: [
      "clambot config set agents.defaults.timezone Europe/Vienna",
      `clambot config set agents.approvals.alwaysGrants '["fs:workspace"]'`,
    ],
    unset: ["clambot config unset agents.defaults.timezone"],
  },
  load: async () => (await import("./config.ts")).registerConfig,
};
