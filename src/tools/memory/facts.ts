import type { ToolFacts } from "../tool_facts.ts";

/** Facts of the tool `memory_recall`. */
export const memoryRecallTool: ToolFacts = {
  name: "memory_recall",
  sinks: [],
  load: async () => {
    const { createMemoryRecallTool } = await import("./memory_recall.ts");
    return (ports) => createMemoryRecallTool(ports.memory);
  },
};

/** Facts of the tool `memory_search_history`. */
export const memorySearchHistoryTool: ToolFacts = {
  name: "memory_search_history",
  sinks: [],
  load: async () => {
    const { createMemorySearchHistoryTool } = await import("./memory_search_history.ts");
    return (ports) => createMemorySearchHistoryTool(ports.history);
  },
};

/** Facts of the tool `memory_update`. */
export const memoryUpdateTool: ToolFacts = {
  name: "memory_update",
  sinks: ["operation", "text"],
  scopes: ["memory:remember", "memory:forget", "memory:*"],
  load: async () => {
    const { createMemoryUpdateTool } = await import("./memory_update.ts");
    return (ports) => createMemoryUpdateTool(ports);
  },
};
