import type { ToolFacts } from "../tool_facts.ts";

/** Facts of the tool `time`. */
export const timeTool: ToolFacts = {
  name: "time",
  sinks: [],
  load: async () => {
    const { createTimeTool } = await import("./time.ts");
    return (ports) => createTimeTool(ports.clock);
  },
};
