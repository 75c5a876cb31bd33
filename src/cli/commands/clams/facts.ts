import type { CliCommand } from "../../command.ts";

/** Facts of `clambot clams`. */
export const clamsCommand: CliCommand = {
  name: "clams",
  group: "Look after what is kept:",
  answersJson: ["run"],
  runsPrograms: ["run"],
  reachesGateway: ["run"],
  startsServers: ["run"],
  readsClam: "import",
  examples: {
    "": [
      "clambot clams list",
      "clambot clams show starter-calculate",
      `clambot clams run starter-calculate --input '{"expression": "2+2"}'`,
      "clambot clams rollback ID 1",
    ],
    list: ["clambot clams list", "clambot clams list --json"],
    show: ["clambot clams show starter-calculate"],
    history: ["clambot clams history ID"],
    diff: ["clambot clams diff ID 1 2"],
    rollback: ["clambot clams rollback ID 1"],
    remove: ["clambot clams remove starter-dice"],
    restore: ["clambot clams restore starter-dice"],
    adopt: ["clambot clams adopt ID"],
    "import": [
      "clambot clams import ./their-clam",
      "clambot clams import https://example.com/clams/weather/CLAM.md",
    ],
    run: [`clambot clams run starter-calculate --input '{"expression": "2+2"}'`],
  },
  load: async () => (await import("./clams.ts")).registerClams,
};
