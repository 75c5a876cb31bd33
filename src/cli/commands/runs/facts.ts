import type { CliCommand } from "../../command.ts";

/** Facts of `clambot runs`. */
export const runsCommand: CliCommand = {
  name: "runs",
  group: "Look after what is kept:",
  answersJson: ["resume"],
  runsClams: ["resume", "replay"],
  runsPrograms: ["resume"],
  startsServers: ["resume"],
  reachesGateway: ["resume", "cancel"],
  examples: {
    "": ["clambot runs list", "clambot runs show ID", "clambot runs resume ID"],
    list: ["clambot runs list", "clambot runs list --open --json"],
    show: ["clambot runs show ID"],
    replay: ["clambot runs replay ID"],
    resume: ["clambot runs resume ID", "clambot runs resume ID --grant fs:workspace"],
    cancel: ["clambot runs cancel ID"],
  },
  load: async () => (await import("./runs.ts")).registerRuns,
};
