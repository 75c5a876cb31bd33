import type { CliCommand } from "../../command.ts";

/** Facts of `clambot secrets`. */
export const secretsCommand: CliCommand = {
  name: "secrets",
  group: "Set up and check:",
  mayWriteConfig: ["adopt"],
  runsPrograms: ["set"],
  examples: {
    "": [
      "clambot secrets set GITHUB_TOKEN --host api.github.com",
      'echo "$KEY" | clambot secrets set WEATHER --host api.weather.example --place query:key',
      "clambot secrets list",
    ],
    list: ["clambot secrets list", "clambot secrets list --json"],
    set: [
      "clambot secrets set GITHUB_TOKEN --host api.github.com",
      "clambot secrets set NAS --host http://nas.local:8080 --place basic:me",
      "clambot secrets set WEATHER --host api.weather.example/v1/ --place query:key < key.txt",
    ],
    remove: ["clambot secrets remove GITHUB_TOKEN"],
    rename: ["clambot secrets rename GITHUB GITHUB_TOKEN"],
    "allow-host": ["clambot secrets allow-host GITHUB_TOKEN uploads.github.com"],
    adopt: ["clambot secrets adopt"],
    "rotate-key": ["clambot secrets rotate-key", "clambot secrets rotate-key --passphrase"],
  },
  load: async () => (await import("./secrets.ts")).registerSecrets,
};
