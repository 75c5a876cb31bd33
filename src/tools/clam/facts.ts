import type { ToolFacts } from "../tool_facts.ts";

/** Facts of the tool `clam`. */
export const clamTool: ToolFacts = {
  name: "clam",
  // what the used clam does, it does under its own manifest and lease
  sinks: ["id"],
  load: async () => {
    const { createClamTool } = await import("./clam.ts");
    return () => createClamTool();
  },
};
