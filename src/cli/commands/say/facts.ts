import type { CliCommand } from "../../command.ts";

/** Facts of `clambot say`. */
export const sayCommand: CliCommand = {
  name: "say",
  group: "Ask:",
  reachesGateway: true,
  examples: {
    "": [
      'clambot say --as anna "what time is it in Lima?"',
      'clambot say --as anna --json --timeout 30 "what is on my list?"',
    ],
  },
  load: async () => (await import("./say.ts")).registerSay,
};
