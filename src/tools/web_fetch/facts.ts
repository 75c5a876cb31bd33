import type { ToolFacts } from "../tool_facts.ts";

/** Facts of the tool `web_fetch`. */
export const webFetchTool: ToolFacts = {
  name: "web_fetch",
  sinks: ["url"],
  scopes: ["host:", "path:", "exact:"],
  outward: true,
  load: async () => {
    const { createWebFetchTool } = await import("./web_fetch.ts");
    return (ports) => createWebFetchTool(ports.publicFetch, ports.workers);
  },
};
