import type { ToolFacts } from "../tool_facts.ts";

/** Facts of the tool `fs`. */
export const fsTool: ToolFacts = {
  name: "fs",
  without: "files",
  sinks: ["operation", "path", "to?"],
  scopes: ["workspace", "file:", "dir:"],
  load: async () => {
    const { createFsTool } = await import("./fs.ts");
    return (ports) => createFsTool(ports.fs);
  },
};
