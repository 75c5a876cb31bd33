import type { CliCommand } from "../../command.ts";

/** Facts of `clambot onboard`. */
export const onboardCommand: CliCommand = {
  name: "onboard",
  group: "Set up and check:",
  mayWriteConfig: true,
  seesKeys: true,
  examples: {
    "": [
      "clambot onboard",
      "OPENROUTER_API_KEY=… clambot onboard --yes",
      "clambot onboard --provider ollama --model llama3.3",
    ],
  },
  load: async () => (await import("./onboard.ts")).registerOnboard,
};
