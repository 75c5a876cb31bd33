import type { CliCommand } from "../../command.ts";

/** Facts of `clambot channels`. */
export const channelsCommand: CliCommand = {
  name: "channels",
  group: "Set up and check:",
  mayWriteConfig: ["connect", "disconnect"],
  connectsChannels: ["connect"],
  examples: {
    "": [
      "clambot channels connect telegram",
      "clambot channels list",
      "clambot channels pending",
      "clambot channels approve telegram K7QM2XNP",
      "clambot channels owner telegram 123456789",
    ],
    connect: ["clambot channels connect telegram"],
    disconnect: ["clambot channels disconnect telegram"],
    list: ["clambot channels list", "clambot channels list --json"],
    pending: ["clambot channels pending"],
    approve: ["clambot channels approve telegram K7QM2XNP"],
    owner: ["clambot channels owner telegram", "clambot channels owner telegram 123456789"],
    guest: ["clambot channels guest loopback anna"],
    remove: ["clambot channels remove telegram 123456789"],
  },
  load: async () => (await import("./channels.ts")).registerChannels,
};
