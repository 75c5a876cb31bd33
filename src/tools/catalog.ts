import type { Artefacts } from "../artefacts/artefacts.ts";
import type { History } from "../memory/history.ts";
import type { Memory } from "../memory/memory.ts";
import type { PublicFetch } from "../net/public_fetch.ts";
import type { Clock, Random } from "../platform/platform.ts";
import { createArtefactReadTool } from "./artefact_read/artefact_read.ts";
import { createAskModelTool } from "./ask_model/ask_model.ts";
import { createEchoTool } from "./echo/echo.ts";
import { createFsTool, type FsPorts } from "./fs/fs.ts";
import { createHttpRequestTool } from "./http_request/http_request.ts";
import { createMemoryRecallTool } from "./memory/memory_recall.ts";
import { createMemorySearchHistoryTool } from "./memory/memory_search_history.ts";
import { createMemoryUpdateTool } from "./memory/memory_update.ts";
import { createSleepTool } from "./sleep/sleep.ts";
import { createTimeTool } from "./time/time.ts";
import { selectTools, type ToolChoice, type ToolName } from "./names.ts";
import type { Tool } from "./tool.ts";
import { createWebFetchTool } from "./web_fetch/web_fetch.ts";

export { type FileChange, openUndoLog, undoLast, type UndoLog } from "./fs/undo.ts";

/** What all the tools together are made from. */
export interface ToolPorts {
  readonly fs: FsPorts;
  readonly publicFetch: PublicFetch;
  readonly memory: Memory;
  readonly history: History;
  readonly artefacts: Artefacts;
  readonly clock: Clock;
  readonly random: Random;
}

/** Every tool there is; nothing else can ever be called. */
const MAKERS = {
  fs: (ports) => createFsTool(ports.fs),
  web_fetch: (ports) => createWebFetchTool(ports.publicFetch),
  http_request: (ports) => createHttpRequestTool(ports.publicFetch),
  time: (ports) => createTimeTool(ports.clock),
  sleep: (ports) => createSleepTool(ports.clock),
  memory_recall: (ports) => createMemoryRecallTool(ports.memory),
  memory_search_history: (ports) => createMemorySearchHistoryTool(ports.history),
  memory_update: (ports) => createMemoryUpdateTool(ports.memory),
  ask_model: (ports) => createAskModelTool(ports),
  artefact_read: (ports) => createArtefactReadTool(ports.artefacts),
  echo: () => createEchoTool(),
} satisfies Readonly<Record<ToolName, (ports: ToolPorts) => Tool>>;

/** Makes the tools that the person chose. */
export function createTools(choice: ToolChoice, ports: ToolPorts): Tool[] {
  return selectTools(choice).map((name) => MAKERS[name](ports));
}
