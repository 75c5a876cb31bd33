import type { CliCommand } from "../../command.ts";

/** Facts of `clambot service`. */
export const serviceCommand: CliCommand = {
  name: "service",
  group: "Set up and check:",
  startsPrograms: true,
  worksWithoutConfig: ["uninstall", "status", "logs"],
  examples: {
    "": ["clambot service install", "clambot service status"],
    install: [
      "clambot service install",
      "clambot service install --print",
      "sudo clambot --home /home/ann/.clambot service install --system",
    ],
    uninstall: ["clambot service uninstall"],
    status: ["clambot service status --json"],
    logs: ["clambot service logs -f", 'clambot service logs --since "1 hour ago"'],
  },
  load: async () => (await import("./install.ts")).registerService,
};
