// Every tool that is built in, a line each: its folder holds everything else of it. An explicit list
// is a list that one can read.

export { artefactReadTool } from "./artefact_read/facts.ts";
export { askModelTool } from "./ask_model/facts.ts";
export { clamTool } from "./clam/facts.ts";
export { cronTool } from "./cron/facts.ts";
export { echoTool } from "./echo/facts.ts";
export { fsTool } from "./fs/facts.ts";
export { httpRequestTool } from "./http_request/facts.ts";
export { memoryRecallTool, memorySearchHistoryTool, memoryUpdateTool } from "./memory/facts.ts";
export { pdfReaderTool } from "./pdf_reader/facts.ts";
export { secretsAddTool } from "./secrets_add/facts.ts";
export { sleepTool } from "./sleep/facts.ts";
export { timeTool } from "./time/facts.ts";
export { transcribeTool } from "./transcribe/facts.ts";
export { webFetchTool } from "./web_fetch/facts.ts";
