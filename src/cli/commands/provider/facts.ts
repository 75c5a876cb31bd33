import type { CliCommand } from "../../command.ts";

/** Facts of `clambot provider`. */
export const providerCommand: CliCommand = {
  name: "provider",
  group: "Set up and check:",
  mayWriteConfig: ["connect", "login", "logout"],
  seesKeys: ["connect"],
  opens: { login: ["https://auth.openai.com/oauth/authorize"] },
  examples: {
    "": [
      "clambot provider list",
      "clambot provider connect openrouter",
      "clambot provider connect ollama --host http://nas.local:11434",
      'echo "$KEY" | clambot provider connect openai --no-set-default',
      "clambot provider login openai-codex",
      "clambot provider logout openai-codex",
    ],
    list: ["clambot provider list"],
    connect: [
      "clambot provider connect openrouter",
      "clambot provider connect ollama --host http://127.0.0.1:11434 --model llama3.3",
      "clambot provider connect openai --no-set-default < key.txt",
    ],
    login: [
      "clambot provider login openai-codex",
      "clambot provider login openai-codex --device",
      "clambot provider login openai-codex --no-browser",
    ],
    logout: ["clambot provider logout openai-codex"],
  },
  load: async () => (await import("./provider.ts")).registerProvider,
  loadWords: async (below) =>
    ["connect", "login", "logout"].includes(below)
      ? (await import("../../../providers/catalog.ts")).PROVIDER_NAMES
      : [],
};
