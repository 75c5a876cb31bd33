import type { CliCommand } from "../../command.ts";

/** Facts of `clambot resume`. */
export const resumeCommand: CliCommand = {
  name: "resume",
  group: "Ask:",
  worksWithoutConfig: true,
  reachesGateway: true,
  examples: { "": ["clambot resume", "clambot resume --json"] },
  load: async () => (await import("./resume.ts")).registerResume,
};
