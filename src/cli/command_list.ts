// Every command there is, a line each: its folder holds everything else of it.

export { agentCommand } from "./commands/agent/facts.ts";
export { approvalsCommand } from "./commands/approvals/facts.ts";
export { channelsCommand } from "./commands/channels/facts.ts";
export { clamsCommand } from "./commands/clams/facts.ts";
export { cleanupCommand } from "./commands/cleanup/facts.ts";
export { completionsCommand } from "./commands/completions/facts.ts";
export { configCommand } from "./commands/config/facts.ts";
export { doctorCommand } from "./commands/doctor/facts.ts";
export { gatewayCommand } from "./commands/gateway/facts.ts";
export { logsCommand } from "./commands/logs/facts.ts";
export { mcpCommand } from "./commands/mcp/facts.ts";
export { memoryCommand } from "./commands/memory/facts.ts";
export { modelsCommand } from "./commands/models/facts.ts";
export { onboardCommand } from "./commands/onboard/facts.ts";
export { providerCommand } from "./commands/provider/facts.ts";
export { resumeCommand } from "./commands/resume/facts.ts";
export { runCommand } from "./commands/run/facts.ts";
export { runsCommand } from "./commands/runs/facts.ts";
export { sayCommand } from "./commands/say/facts.ts";
export { secretsCommand } from "./commands/secrets/facts.ts";
export { serviceCommand } from "./commands/service/facts.ts";
export { sessionsCommand } from "./commands/sessions/facts.ts";
export { statusCommand } from "./commands/status/facts.ts";
export { stopCommand } from "./commands/stop/facts.ts";
export { undoCommand } from "./commands/undo/facts.ts";
export { usageCommand } from "./commands/usage/facts.ts";
