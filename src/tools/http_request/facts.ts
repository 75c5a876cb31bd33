import type { ToolFacts } from "../tool_facts.ts";

/** Facts of the tool `http_request`. */
export const httpRequestTool: ToolFacts = {
  name: "http_request",
  sinks: ["method", "url"],
  scopes: ["host:", "path:", "exact:"],
  outward: true,
  load: async () => {
    const { createHttpRequestTool } = await import("./http_request.ts");
    return (ports) => createHttpRequestTool(ports.publicFetch, ports);
  },
};
