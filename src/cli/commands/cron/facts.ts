import type { CliCommand } from "../../command.ts";

/** Facts of `clambot cron`. */
export const cronCommand: CliCommand = {
  name: "cron",
  group: "Look after what is kept:",
  reachesGateway: true,
  runsClams: ["run"],
  runsPrograms: ["run"],
  seesKeys: ["run"],
  examples: {
    "": [
      'clambot cron add --name "daily" --message "Hello" --cron "0 9 * * *"',
      "clambot cron list",
      "clambot cron run ID",
    ],
    add: [
      'clambot cron add --name "tea" --text "Time for tea" --at 2027-01-31T16:00',
      'clambot cron add --message "what is new on my list?" --cron "0 9 * * 1-5" --timezone Europe/Paris',
      `clambot cron add --clam page_status --input '{"url": "https://example.com"}' --every 2h`,
    ],
    list: ["clambot cron list", "clambot cron list --json"],
    show: ["clambot cron show ID"],
    remove: ["clambot cron remove ID"],
    enable: ["clambot cron enable ID"],
    disable: ["clambot cron disable ID"],
    run: ["clambot cron run ID"],
    history: ["clambot cron history", "clambot cron history ID --json"],
  },
  load: async () => (await import("./cron.ts")).registerCron,
};
