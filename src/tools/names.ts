import { findNearest } from "../text/nearest.ts";
import * as list from "./tool_list.ts";
import type { ToolFacts } from "./tool_facts.ts";

// Needed before anything else starts, so no tool is loaded here.

/** The tools that are built in, by name. */
export const TOOLS: readonly ToolFacts[] = Object.values<ToolFacts>(list).sort((one, other) =>
  one.name < other.name ? -1 : 1
);

/** Names of {@linkcode TOOLS}. */
export const TOOL_NAMES: readonly string[] = TOOLS.map(({ name }) => name);

/** Arguments of a tool that say what its calls reach; `undefined`: it does not say. */
export function sinksOf(tool: string): readonly string[] | undefined {
  return TOOLS.find(({ name }) => name === tool)?.sinks;
}

/** The person's choice of tools; names as in the configuration. */
export interface ToolChoice {
  /** A strict list; wins over `disabledTools`. */
  readonly availableTools?: readonly string[] | null | undefined;
  readonly disabledTools: readonly string[];
}

/** The tools that remain. */
export function selectTools(
  { availableTools, disabledTools }: ToolChoice,
  tools: readonly ToolFacts[] = TOOLS,
): readonly ToolFacts[] {
  return tools.filter(({ name, offByDefault }) =>
    availableTools ? availableTools.includes(name) : !disabledTools.includes(name) && !offByDefault
  );
}

/** How the names of the tools of an MCP server begin. */
export function serverPrefix(server: string): string {
  return `${server.replaceAll("-", "_")}_`;
}

/** What people ask for and no tool that is there can do. */
export function listMissing(names: readonly string[]): readonly string[] {
  const off = TOOLS.filter(({ name }) => !names.includes(name));
  return [...off.flatMap(({ without }) => without ?? []), ...NEVER];
}

/** What no tool of ours does; those of MCP servers may. */
const NEVER = [
  "e-mail, messages to other people, phone calls, purchases, bookings, devices, programs of the " +
  "computer (unless a tool below does it)",
] as const;

/** A sentence for each name that is no tool. What is called as tools of `servers` are may be one. */
export function complainOfUnknown(
  names: readonly string[],
  tools: readonly ToolFacts[] = TOOLS,
  servers: readonly string[] = [],
): string[] {
  const known = tools.map(({ name }) => name);
  const isOfServer = (name: string) => servers.some((one) => name.startsWith(serverPrefix(one)));
  return names.filter((name) => !known.includes(name) && !isOfServer(name)).map((name) => {
    const nearest = findNearest(name, known);
    const meant = nearest === undefined ? "." : `; did you mean ${nearest}?`;
    return `There is no tool "${name}"${meant}`;
  });
}

/** A sentence about a grant that can never allow any call; `undefined` when it can. */
export function complainOfScope(
  tool: string,
  scope: string,
  tools: readonly ToolFacts[] = TOOLS,
): string | undefined {
  const facts = tools.find(({ name }) => name === tool);
  if (scope === "*" || !facts) return undefined;
  const { scopes = [] } = facts;
  if (scopes.some((beginning) => scope.startsWith(beginning))) return undefined;
  return `"${tool}:${scope}" can never allow a call: scopes of ${tool} are ${
    [...scopes, "*"].join(", ")
  }.`;
}
