import type { ToolFacts } from "../tool_facts.ts";

/** Facts of the tool `transcribe`. */
export const transcribeTool: ToolFacts = {
  name: "transcribe",
  without: "recordings of speech",
  sinks: ["path?", "url?"],
  scopes: ["workspace", "file:", "dir:", "host:", "path:", "exact:"],
  outward: true,
  load: async () => (await import("./transcribe.ts")).createTranscribeTool,
};
