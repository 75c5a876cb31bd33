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
