import { type ProviderEntry, PROVIDERS } from "../providers/catalog.ts";

/**
 * When a change of a key gives more rights than there were. `higher`: a limit is raised or taken
 * away. `not higher`: a price that budgets count with falls, comes or goes. `more`, `fewer`: items
 * of a list. `more or all`: a list that lets everything through when it is left out. `address`:
 * another address is set; `distant address`: one that is not of this machine. `any`: every change.
 */
export type WidensWhen =
  | "true"
  | "false"
  | "higher"
  | "not higher"
  | "more"
  | "fewer"
  | "more or all"
  | "address"
  | "distant address"
  | "any";

/** What a key has to do with rights: nothing, or a change gives more of them. */
export type Authority = "none" | { readonly when: WidensWhen; readonly sentence: string };

const BUDGET = { when: "higher", sentence: "More may be spent on models." } as const;
const PRICE = {
  when: "not higher",
  sentence: "Budgets in US dollars count a model as cheaper, or as one whose price is known.",
} as const;
const LIMIT = { when: "higher", sentence: "Programs may take or do more." } as const;
const TOOLS = "Programs may use more tools.";
const UNASKED = "More calls pass without a question.";
const ELSEWHERE = "Your requests, and a key where there is one, are sent to another address.";
const ADDRESS = { when: "address", sentence: ELSEWHERE } as const;
const ALONE = { when: "true", sentence: "It acts without being asked each time." } as const;
const LISTENS = { when: "any", sentence: "Others decide who may talk to it, or hear it." } as const;

/** A server on this machine is the usual place of some, and what is sent there stays here. */
const provider = (
  { section, usuallyHere }: ProviderEntry,
): Readonly<Record<string, Authority>> => ({
  [`providers.${section}.apiKey`]: "none",
  [`providers.${section}.apiBase`]: usuallyHere
    ? { when: "distant address", sentence: ELSEWHERE }
    : ADDRESS,
  [`providers.${section}.extraHeaders.<name>`]: "none",
});

/** Every key of the configuration, as {@linkcode configKeys} writes them. */
export const AUTHORITY: Readonly<Record<string, Authority>> = {
  "agents.defaults.workspace": "none",
  "agents.defaults.model": "none",
  "agents.defaults.maxTokens": "none",
  "agents.defaults.temperature": "none",
  "agents.defaults.runtimeTimeoutSeconds": LIMIT,
  "agents.defaults.maxToolIterations": LIMIT,
  "agents.defaults.maxSelfFixAttempts": "none",
  "agents.defaults.availableTools": { when: "more or all", sentence: TOOLS },
  "agents.defaults.disabledTools": { when: "fewer", sentence: TOOLS },
  "agents.defaults.timezone": "none",
  "agents.defaults.userName": "none",
  "agents.fallbackModel": "none",
  "agents.selector.provider": "none",
  "agents.selector.model": "none",
  "agents.selector.retries": "none",
  "agents.selector.maxTokens": "none",
  "agents.selector.temperature": "none",
  "agents.approvals.enabled": {
    when: "false",
    sentence: "Nothing is asked any more; every tool call passes.",
  },
  "agents.approvals.interactive": "none",
  "agents.approvals.allowAlways": {
    when: "true",
    sentence: "Questions offer again to allow something always.",
  },
  "agents.approvals.expireHours": "none",
  "agents.approvals.askAlso": { when: "fewer", sentence: UNASKED },
  "agents.approvals.alwaysGrants": { when: "more", sentence: UNASKED },
  "agents.clamEnv.<name>": { when: "any", sentence: "A clam uses another secret than before." },
  "agents.budgets.perTurn.calls": BUDGET,
  "agents.budgets.perTurn.tokens": BUDGET,
  "agents.budgets.perTurn.usd": BUDGET,
  "agents.budgets.perTurn.seconds": BUDGET,
  "agents.budgets.perTurn.toolCalls": LIMIT,
  "agents.budgets.perDay.calls": BUDGET,
  "agents.budgets.perDay.tokens": BUDGET,
  "agents.budgets.perDay.usd": BUDGET,
  "agents.budgets.perDay.toolCalls": LIMIT,
  "agents.budgets.perOrigin.<name>.calls": BUDGET,
  "agents.budgets.perOrigin.<name>.tokens": BUDGET,
  "agents.budgets.perOrigin.<name>.usd": BUDGET,
  "agents.budgets.perOrigin.<name>.toolCalls": LIMIT,
  "agents.budgets.perGuest.calls": BUDGET,
  "agents.budgets.perGuest.tokens": BUDGET,
  "agents.budgets.guests.calls": BUDGET,
  "agents.budgets.guests.tokens": BUDGET,
  "agents.budgets.unknownPrice.inputPerMillion": PRICE,
  "agents.budgets.unknownPrice.outputPerMillion": PRICE,
  "agents.models.<name>.maxContextSize": "none",
  "agents.models.<name>.price.inputPerMillion": PRICE,
  "agents.models.<name>.price.outputPerMillion": PRICE,
  "agents.memoryPromptBudget.maxTokens": "none",
  "agents.memoryPromptBudget.minTokens": "none",
  "agents.memoryPromptBudget.reserveTokens": "none",
  "agents.memoryPromptBudget.maxContextRatio": "none",
  "agents.memoryPromptBudget.durableFactsRatio": "none",
  "agents.compaction.enabled": "none",
  "agents.compaction.targetRatio": "none",
  "agents.compaction.reserveTokens": "none",
  "agents.compaction.summaryMaxTokens": "none",
  "agents.compaction.keepRecentTurns": "none",
  "agents.compaction.maxAutoCompactionsPerTurn": "none",
  "agents.linkContext.enabled": "none",
  "agents.linkContext.maxLinks": "none",
  "agents.linkContext.maxCharsPerLink": "none",
  "agents.linkContext.explicitLinksOnly": "none",
  "agents.linkContext.heuristicPrefetchEnabled": "none",
  "agents.linkContext.intentUrlInferenceEnabled": "none",
  ...Object.assign({}, ...Object.values(PROVIDERS).map(provider)),
  "providers.thinkDisabledModels": "none",
  "tools.filesystem.restrictToWorkspace": {
    when: "false",
    sentence: "Programs may read and write files outside the workspace.",
  },
  "tools.filesystem.maxReadBytes": LIMIT,
  "tools.filesystem.maxWriteBytes": LIMIT,
  "tools.transcribe.maxDurationSeconds": "none",
  "tools.transcribe.chunkDurationSeconds": "none",
  "tools.transcribe.audioFormat": "none",
  "tools.transcribe.whisperModel": "none",
  "tools.transcribe.whisperApiUrl": ADDRESS,
  "tools.transcribe.whisperApiStyle": "none",
  "tools.transcribe.whisperRequestTimeoutSeconds": "none",
  "tools.mcpServers.<name>": {
    when: "any",
    sentence: "A program of others is started, or a server of others is called.",
  },
  "network.allowHosts": {
    when: "more",
    sentence: "Tools may reach more hosts inside your network.",
  },
  "network.nameServers": {
    when: "any",
    sentence: "Another name server decides which address a name has.",
  },
  "security.sslFallbackInsecure": {
    when: "true",
    sentence: "Servers whose certificate cannot be verified are accepted.",
  },
  "secrets.environment": {
    when: "more",
    sentence: "Programs may use a variable of the environment as a secret.",
  },
  "sandbox.memoryMiB": LIMIT,
  "runs.keepDays": "none",
  "sandbox.prewarm": "none",
  "channels.telegram.enabled": ALONE,
  "channels.telegram.token": LISTENS,
  "channels.telegram.allowFrom": LISTENS,
  "channels.telegram.proxy": LISTENS,
  "channels.telegram.apiRoot": LISTENS,
  "channels.telegram.format": "none",
  "channels.telegram.replyToMessage": "none",
  "gateway.host": LISTENS,
  "gateway.port": LISTENS,
  "gateway.concurrency": "none",
  "gateway.mostWaiting": "none",
  "gateway.maxAgeHours": "none",
  "gateway.token": LISTENS,
  "gateway.exposed": LISTENS,
  "gateway.shutdownSeconds": "none",
  "gateway.logs.keepDays": "none",
  "gateway.logs.maxMiB": "none",
  "gateway.maxFiles": "none",
  "heartbeat.enabled": ALONE,
  "heartbeat.interval": "none",
  "heartbeat.quietHours": "none",
  "heartbeat.timezone": "none",
  "heartbeat.callsPerTick": BUDGET,
  "heartbeat.callsPerDay": BUDGET,
  "heartbeat.cleanup.staleClamDays": "none",
  "heartbeat.cleanup.orphanBuildHours": "none",
  "heartbeat.cleanup.uploadRetentionDays": "none",
  "heartbeat.cleanup.cronLogMaxLines": "none",
  "heartbeat.cleanup.pruneDisabledCron": "none",
  "heartbeat.cleanup.sessionMaxFiles": "none",
  "cron.enabled": ALONE,
  "cron.atOnce": "none",
};
