import { runClam, type ScriptPorts } from "../agent/script.ts";
import type { RuntimePorts } from "../agent/runtime.ts";
import { createTimeLimit, type TimeLimit } from "../agent/time_limit.ts";
import { createGate } from "../approvals/gate.ts";
import { createTerminalApprover } from "../channels/catalog.ts";
import type { Config } from "../config/schema.ts";
import type { Clam } from "../domain/clam.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Answer } from "../domain/turn.ts";
import { VERSION } from "../domain/version.ts";
import { parseAllowedHost } from "../net/allowed_hosts.ts";
import { parseNameServer } from "../net/name_server.ts";
import { createPublicFetch } from "../net/public_fetch.ts";
import { createNetwork } from "../platform/network.ts";
import { DEFAULT_LIMITS } from "../sandbox/limits.ts";
import type { Limits, Sandbox } from "../sandbox/sandbox.ts";
import { openConversations } from "./conversations.ts";
import { type Models, openModels } from "./models.ts";
import { satisfies } from "./result_schema.ts";
import { type AppOptions, openStores, type Setting, type Stores } from "./stores.ts";
import { openUndoable } from "./undo.ts";
import { escapeLine } from "../text/escape.ts";
import { createTools } from "../tools/catalog.ts";
import { createDispatch } from "../tools/dispatch.ts";
import type { Tool } from "../tools/tool.ts";

// The composition root: here every port meets its adapter.

/** The house, put together. */
export interface App {
  readonly stores: Stores;
  /** For programs that run outside of a conversation. */
  readonly runtime: ScriptPorts;
  /** Runs a kept clam with inputs laid over its defaults, outside of a conversation. */
  runClam(clam: Clam, given: JsonObject, signal: AbortSignal): Promise<Answer>;
  /** Answers one message of a conversation. */
  answer(conversation: string, text: string, signal: AbortSignal): Promise<Answer>;
  /** Ends a conversation with a summary; the result is a sentence for the person. */
  endConversation(conversation: string, signal: AbortSignal): Promise<string>;
  /** Gives what still runs in the background a few seconds; the rest waits for the next start. */
  finish(): Promise<void>;
  close(): void;
}

/** Milliseconds that one tool call may take once it is allowed. */
const CALL_MS = 120_000;

/** Builds the house from the configuration, around a sandbox that it closes in the end. */
export function createApp(setting: Setting, sandbox: Sandbox, options: AppOptions = {}): App {
  const stores = openStores(setting, options);
  const models = openModels(stores, setting);
  const tools = buildTools(models, stores, setting);
  const { seconds } = setting.config.agents.budgets.perTurn;
  const timeLimit = createTimeLimit(seconds, stores.clock.monotonic);
  const runtime = {
    ...buildRuntime(tools, sandbox, stores, setting, options, timeLimit),
    spentIn: (turn: string) => models.forTurn(turn).spent(),
    satisfies,
  };
  const house = { stores, setting, options, tools, runtime, models, timeLimit };
  const conversations = openConversations(house);
  return {
    stores,
    runtime,
    async runClam(clam, given, signal) {
      const answer = await runClam(clam, given, runtime, signal);
      if (answer.status === "completed") await stores.library.recordUse(clam.id);
      return answer;
    },
    ...conversations,
    close() {
      sandbox.close();
      stores.library.close();
    },
  };
}

function buildTools(
  models: Models,
  stores: Stores,
  setting: Setting,
): Tool[] {
  const { layout, config, configPath, terminal } = setting;
  const publicFetch = createPublicFetch({
    network: createNetwork(),
    userAgent: `ClamBot/${VERSION}`,
    clock: stores.clock,
    allowHosts: config.network.allowHosts.map(parseAllowedHost),
    nameServers: config.network.nameServers.map(parseNameServer),
    sslFallbackInsecure: config.security.sslFallbackInsecure,
    log: {
      warn: (_event, fields) => {
        const host = escapeLine(String(fields?.host));
        terminal.err(`clambot: the certificate of ${host} could not be verified.\n`);
      },
    },
  });
  return createTools(config.agents.defaults, {
    ...stores,
    fs: {
      ...openUndoable(stores, setting),
      limits: config.tools.filesystem,
      around: { kept: [layout.home, configPath], userHome: stores.base.userHome },
    },
    publicFetch,
    modelFor: ({ turnId }) => models.forTurn(turnId).main(),
  });
}

function buildRuntime(
  tools: readonly Tool[],
  sandbox: Sandbox,
  stores: Stores,
  { config, terminal }: Setting,
  options: AppOptions,
  timeLimit: TimeLimit,
): RuntimePorts {
  const approver = options.approver ?? createTerminalApprover(terminal, options.around);
  const gate = createGate({
    ...stores,
    approver: timeLimit.around(approver),
    policy: config.agents.approvals,
    onGrant: async (grant, { turnId: turn, conversation }) => {
      const { id = "", tool, scope, expiresAt = null } = grant;
      const given = { turn, conversation, id, tool, scope, expiresAt };
      await stores.audit.record("grant_given", given);
    },
  });
  return {
    ...stores,
    sandbox,
    dispatch: createDispatch({ ...stores, tools, gate, callMs: CALL_MS }),
    limits: limitsFrom(config, options),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
  };
}

function limitsFrom(config: Config, options: AppOptions): Limits {
  const { runtimeTimeoutSeconds, maxToolIterations } = config.agents.defaults;
  return {
    ...DEFAULT_LIMITS,
    cpuMs: 1000 * (options.timeout ?? runtimeTimeoutSeconds),
    calls: maxToolIterations,
    memoryBytes: config.sandbox.memoryMiB * 1024 * 1024,
  };
}
