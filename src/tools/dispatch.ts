import { undeclaredTool } from "./_refusals.ts";
import { openRoad } from "./dispatch/open_road.ts";
import type { Dispatch, DispatchPorts } from "./road.ts";

/** Builds the one road, each call in six steps: read → rules → recall → ask → do → account. */
export function createDispatch(ports: DispatchPorts): Dispatch {
  const tools = new Map(ports.tools.map((tool) => [tool.name, tool]));
  return {
    undeclared: (tool) => tools.has(tool) ? undeclaredTool(tool) : undefined,
    open: (scope) => openRoad(scope, tools, ports),
  };
}
