import type { CliCommand } from "../../command.ts";

/** Facts of `clambot approvals`. */
export const approvalsCommand: CliCommand = {
  name: "approvals",
  group: "Look after what is kept:",
  answersJson: ["answer"],
  runsClams: ["answer"],
  runsPrograms: ["answer"],
  startsServers: ["answer"],
  reachesGateway: ["answer"],
  examples: {
    "": [
      "clambot approvals pending",
      "clambot approvals answer ID --once",
      "clambot approvals list",
      "clambot approvals show ID",
      `clambot approvals explain fs '{"operation": "read", "path": "notes.md"}'`,
      "clambot approvals revoke ID",
    ],
    pending: ["clambot approvals pending"],
    answer: ["clambot approvals answer ID", "clambot approvals answer ID --once"],
    show: ["clambot approvals show ID", "clambot approvals show fs:workspace --json"],
    explain: [
      `clambot approvals explain fs '{"operation": "read", "path": "notes.md"}'`,
      `clambot approvals explain web_fetch '{"url": "https://a.org/"}' --clam my-clam --json`,
    ],
    lease: [
      "clambot approvals lease my-clam",
      "clambot approvals lease my-clam --expires 30d --yes",
    ],
    list: ["clambot approvals list"],
    revoke: ["clambot approvals revoke ID"],
  },
  load: async () => (await import("./approvals.ts")).registerApprovals,
};
