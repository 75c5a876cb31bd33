/** Names that a tool cannot have inside: the program's own, and those no property can replace. */
const TAKEN = new Set(["args", "console", "run", "undefined", "NaN", "Infinity", "globalThis"]);

/** A tool and the name of its function inside. */
export interface NamedTool {
  readonly tool: string;
  readonly name: string;
}

/**
 * The names that tools have inside: `. / - :` become `_`. Where a name is taken, is none, or
 * would stand for two tools, the answer is the first such tool.
 */
export function nameTools(tools: readonly string[]): readonly NamedTool[] | { clash: string } {
  const named = new Map<string, NamedTool>();
  for (const tool of new Set(tools)) {
    const name = tool.replace(/[./:-]/g, "_");
    if (!/^[A-Za-z_$][\w$]*$/.test(name) || TAKEN.has(name) || named.has(name)) {
      return { clash: tool };
    }
    named.set(name, { tool, name });
  }
  return [...named.values()];
}
