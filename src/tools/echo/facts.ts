import type { ToolFacts } from "../tool_facts.ts";

/** Facts of the tool `echo`. */
export const echoTool: ToolFacts = {
  name: "echo",
  sinks: [],
  offByDefault: true,
  load: async () => (await import("./echo.ts")).createEchoTool,
};
