import type { ToolFacts } from "../tool_facts.ts";

/** Facts of the tool `sleep`. */
export const sleepTool: ToolFacts = {
  name: "sleep",
  sinks: [],
  load: async () => {
    const { createSleepTool } = await import("./sleep.ts");
    return (ports) => createSleepTool(ports.clock);
  },
};
