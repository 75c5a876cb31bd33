import type { CliCommand } from "../../command.ts";

/** Facts of `clambot agent`. */
export const agentCommand: CliCommand = {
  name: "agent",
  group: "Ask:",
  answersJson: true,
  reachesGateway: true,
  runsClams: true,
  showsPrompts: true,
  runsPrograms: true,
  startsServers: true,
  examples: {
    "": [
      'clambot agent -m "what time is it in Tokyo?"',
      'clambot agent -m "list my files" --grant fs:workspace --json',
      "clambot agent",
    ],
  },
  load: async () => (await import("./agent.ts")).registerAgent,
};
