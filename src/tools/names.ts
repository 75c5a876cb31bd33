import { findNearest } from "../text/nearest.ts";

// Needed before anything else starts, so this file imports no tool.

/** Names of all tools; `catalog.ts` makes each of them. */
export const TOOL_NAMES = [
  "fs",
  "web_fetch",
  "http_request",
  "time",
  "sleep",
  "memory_recall",
  "memory_search_history",
  "memory_update",
  "ask_model",
  "artefact_read",
  "echo",
] as const;

/** A name of {@linkcode TOOL_NAMES}. */
export type ToolName = typeof TOOL_NAMES[number];

/** Tools that exist only when the allow-list names them. */
const OFF_BY_DEFAULT = ["echo"];

/** The person's choice of tools; names as in the configuration. */
export interface ToolChoice {
  /** A strict list; wins over `disabledTools`. */
  readonly availableTools?: readonly string[] | null | undefined;
  readonly disabledTools: readonly string[];
}

/** The names that remain. */
export function selectTools({ availableTools, disabledTools }: ToolChoice): readonly ToolName[] {
  return TOOL_NAMES.filter((name) =>
    availableTools
      ? availableTools.includes(name)
      : !disabledTools.includes(name) && !OFF_BY_DEFAULT.includes(name)
  );
}

/** A sentence for each name that is no tool. */
export function complainOfUnknown(names: readonly string[]): string[] {
  return names.filter((name) => !TOOL_NAMES.some((known) => known === name)).map((name) => {
    const nearest = findNearest(name, TOOL_NAMES);
    const meant = nearest === undefined ? "." : `; did you mean ${nearest}?`;
    return `There is no tool "${name}"${meant}`;
  });
}

/** Beginnings of the scopes that can cover a call of a tool; others know `*` alone. */
const SCOPES: Readonly<Partial<Record<string, readonly string[]>>> = {
  fs: ["workspace", "file:", "dir:"],
  web_fetch: ["host:", "path:", "exact:"],
  http_request: ["host:", "path:", "exact:"],
};

/** A sentence about a grant that can never allow any call; `undefined` when it can. */
export function complainOfScope(tool: string, scope: string): string | undefined {
  if (scope === "*" || !TOOL_NAMES.some((known) => known === tool)) return undefined;
  const usable = SCOPES[tool] ?? [];
  if (usable.some((beginning) => scope.startsWith(beginning))) return undefined;
  return `"${tool}:${scope}" can never allow a call: scopes of ${tool} are ${
    [...usable, "*"].join(", ")
  }.`;
}
