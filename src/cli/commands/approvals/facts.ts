import type { CliCommand } from "../../command.ts";

/** Facts of `clambot approvals`. */
export const approvalsCommand: CliCommand = {
  name: "approvals",
  group: "Look after what is kept:",
  examples: {
    "": [
      "clambot approvals list",
      "clambot approvals revoke ID",
    ],
    list: ["clambot approvals list"],
    revoke: ["clambot approvals revoke ID"],
  },
  load: async () => (await import("./approvals.ts")).registerApprovals,
};
