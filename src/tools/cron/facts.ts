import type { ToolFacts } from "../tool_facts.ts";

/** Facts of the tool `cron`. */
export const cronTool: ToolFacts = {
  name: "cron",
  sinks: ["action", "text?", "clam?"],
  scopes: ["cron:add", "cron:list", "cron:remove", "cron:*", "job:"],
  without: "reminders, or anything at a time",
  load: async () => {
    const { createCronTool } = await import("./cron.ts");
    return (ports) => createCronTool(ports);
  },
};
