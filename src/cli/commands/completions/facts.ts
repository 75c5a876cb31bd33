import type { CliCommand } from "../../command.ts";

/** Facts of `clambot completions`. */
export const completionsCommand: CliCommand = {
  name: "completions",
  group: "Set up and check:",
  worksWithoutConfig: true,
  examples: {
    "": [
      "source <(clambot completions bash)",
      "clambot completions fish > ~/.config/fish/completions/clambot.fish",
    ],
  },
  load: async () => (await import("./completions.ts")).registerCompletions,
  loadWords: async () => (await import("./completions.ts")).SHELLS,
};
