import { selectTools, type ToolChoice } from "./names.ts";
import type { Tool } from "./tool.ts";
import type { ToolPorts } from "./tool_facts.ts";

export { type FileChange, openUndoLog, undoLast, type UndoLog } from "./fs/undo.ts";

/** Loads and makes the tools that the person chose; nothing else can ever be called. */
export async function createTools(choice: ToolChoice, ports: ToolPorts): Promise<Tool[]> {
  const makers = await Promise.all(selectTools(choice).map((facts) => facts.load()));
  return makers.map((make) => make(ports));
}
