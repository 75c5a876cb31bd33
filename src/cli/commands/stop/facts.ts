import type { CliCommand } from "../../command.ts";

/** Facts of `clambot stop`. */
export const stopCommand: CliCommand = {
  name: "stop",
  group: "Ask:",
  worksWithoutConfig: true,
  reachesGateway: true,
  examples: { "": ["clambot stop", "clambot stop --json"] },
  load: async () => (await import("./stop.ts")).registerStop,
};
