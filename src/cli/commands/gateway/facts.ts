import type { CliCommand } from "../../command.ts";

/** Facts of `clambot gateway`. */
export const gatewayCommand: CliCommand = {
  name: "gateway",
  group: "Ask:",
  isService: true,
  seesKeys: true,
  runsClams: true,
  runsPrograms: true,
  startsServers: true,
  examples: { "": ["clambot gateway"] },
  load: async () => (await import("./gateway.ts")).registerGateway,
};
