import type { CliCommand } from "../../command.ts";

/** Facts of `clambot run`. */
export const runCommand: CliCommand = {
  name: "run",
  group: "Ask:",
  answersJson: true,
  runsClams: true,
  readsFile: { valued: ["--input", "--tools", "--grant", "--expires", "--timeout"] },
  runsPrograms: true,
  reachesGateway: true,
  startsServers: true,
  examples: {
    "": [
      "clambot run hello.js",
      "clambot run price.js --tools web_fetch --grant web_fetch:host:api.coinbase.com --json",
      `clambot run notes.js --tools fs --grant fs:workspace --input '{"name": "notes.md"}'`,
    ],
  },
  load: async () => (await import("./run.ts")).registerRun,
};
