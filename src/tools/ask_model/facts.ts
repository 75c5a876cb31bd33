import type { ToolFacts } from "../tool_facts.ts";

/** Facts of the tool `ask_model`. */
export const askModelTool: ToolFacts = {
  name: "ask_model",
  sinks: [],
  load: async () => (await import("./ask_model.ts")).createAskModelTool,
};
