import type { CliCommand } from "../../command.ts";

/** Facts of `clambot doctor`. */
export const doctorCommand: CliCommand = {
  name: "doctor",
  group: "Set up and check:",
  worksWithoutConfig: true,
  tellsDoubts: true,
  reachesGateway: true,
  examples: {
    "": [
      "clambot doctor",
      "clambot doctor --json",
    ],
  },
  load: async () => (await import("./doctor.ts")).registerDoctor,
};
