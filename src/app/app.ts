import { createAside } from "../agent/aside.ts";
import type { StandingResult } from "../agent/report.ts";
import { type Difference, replayRun } from "../agent/replay.ts";
import { runClam, runScript, type Script } from "../agent/script.ts";
import { createQuestionQueues } from "../approvals/question_queue.ts";
import { createMatcher } from "../clams/match.ts";
import type { Clam } from "../domain/clam.ts";
import type { JsonObject } from "../domain/json.ts";
import { CodedError } from "../domain/failure.ts";
import type { InboundMessage, Origin } from "../domain/message.ts";
import type { Answer } from "../domain/turn.ts";
import type { RunPurpose } from "../runs/line.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { createToolSecrets, type ToolSecretsPorts } from "../secrets/tool_secrets.ts";
import type { Servers } from "../mcp/servers.ts";
import { createTools } from "../tools/catalog.ts";
import type { Tool } from "../tools/tool.ts";
import { judgeReport } from "./_judge_report.ts";
import type { House } from "./_house.ts";
import { limitsFrom, openTurnScope, type TurnScope } from "./_turn_scope.ts";
import { openConversations } from "./conversations.ts";
import { openListening } from "./listening.ts";
import { openJobDesk } from "./job_desk.ts";
import { openModels } from "./models.ts";
import { openGuard } from "./guard.ts";
import { openServersOf } from "./servers.ts";
import { openStores, type Setting, type Stores } from "./stores.ts";
import type { OpenTurn, ResumeRun, Surroundings } from "./surroundings.ts";
import { openUndoable } from "./undo.ts";

// The composition root: here every port meets its adapter.

/** The house, put together. */
export interface App {
  readonly stores: Stores;
  readonly openTurn: OpenTurn;
  /** How recordings are listened to. */
  readonly listening: ReturnType<typeof openListening>;
  readonly resumeRun: ResumeRun;
  /**
   * Runs the programs of a run again with what they were told, and without any effect.
   * @returns the first difference, if there is one
   */
  replayRun(run: string, signal: AbortSignal): Promise<Difference | undefined>;
  /** Runs the person's own script through sandbox and gate, outside of a conversation. */
  runScript(
    script: Script,
    message: InboundMessage,
    surroundings: Surroundings,
    signal: AbortSignal,
  ): Promise<Answer>;
  /** Runs a kept clam with inputs laid over its defaults, outside of a conversation. */
  runClam(
    clam: Clam,
    given: JsonObject,
    message: InboundMessage,
    surroundings: Surroundings,
    signal: AbortSignal,
  ): Promise<Answer>;
  /**
   * What of the result of a standing task is worth telling, and the requests to models that it took.
   * Without a model everything is.
   * @throws {CodedError} of the model
   */
  judgeReport(
    result: StandingResult,
    payer: { readonly turn: string; readonly mostCalls: number },
    signal: AbortSignal,
  ): Promise<{ readonly report: string | null; readonly calls: number }>;
  /** Ends a conversation with a summary; the result is a sentence for the person. */
  endConversation(conversation: string, origin: Origin, signal: AbortSignal): Promise<string>;
  readonly servers: Servers;
  /** Gives what still runs in the background a few seconds; the rest waits for the next start. */
  finish(): Promise<void>;
  close(): void;
}

/** Builds the house from the configuration, around a sandbox that it closes in the end. */
export async function createApp(setting: Setting, sandbox: Sandbox): Promise<App> {
  const stores = openStores(setting);
  const house: House = {
    setting,
    stores,
    models: openModels(stores, setting),
    matcher: createMatcher(stores),
    ...await buildTools(stores, setting),
    sandbox,
    questionsOf: createQuestionQueues(),
  };
  const alone = async (
    message: InboundMessage,
    surroundings: Surroundings,
    signal: AbortSignal,
    purpose: RunPurpose,
    run: (scope: TurnScope) => Promise<Answer>,
  ): Promise<Answer> => {
    await stores.vault.refresh();
    const scope = openTurnScope(message, surroundings, house, signal, purpose);
    let answer: Answer | undefined;
    try {
      return answer = await run(scope);
    } finally {
      await scope.end(answer);
    }
  };
  const counted = async (answer: Answer, { id }: Clam, { tell }: TurnScope): Promise<Answer> => {
    const notes: string[] = [];
    if (answer.status === "completed") {
      await createAside(notes, tell)(
        "The use of the clam was not counted",
        () => stores.library.recordUse(id),
      );
    }
    return notes.length > 0 ? { ...answer, notes } : answer;
  };
  return {
    stores,
    listening: openListening(stores, setting),
    runScript: (script, message, surroundings, signal) =>
      alone(
        message,
        surroundings,
        signal,
        "script",
        (scope) => runScript(script, scope.turn, scope.runtime, scope.signal),
      ),
    runClam: (clam, given, message, surroundings, signal) =>
      alone(
        message,
        surroundings,
        signal,
        "clam",
        async (scope) => {
          const answer = await runClam(clam, given, scope.turn, scope.runtime, scope.signal);
          return await counted(answer, clam, scope);
        },
      ),
    ...openConversations(house),
    judgeReport: (result, payer, signal) => judgeReport(result, payer, signal, house),
    replayRun: async (run, signal) => {
      const limits = limitsFrom(setting.config, {});
      const ports = { sandbox, limits, redactor: stores.redactor };
      return await replayRun(await stores.runs.programs(run), ports, signal);
    },
    servers: house.servers,
    close() {
      sandbox.close();
      void house.servers.close();
      stores.library.close();
    },
  };
}

/** Every use of a secret stands in the audit log before it is sent. */
function createUseLog({ audit, uses, redactor }: Stores): ToolSecretsPorts["onUse"] {
  return async (name, use) => {
    await audit.record("secret_used", redactor.clean({ name, ...use }));
    await uses.note(name);
  };
}

/**
 * The tools that there are, and the MCP servers of which some are.
 * @throws {CodedError} `config_invalid` for a server that cannot be read
 */
export async function buildTools(
  stores: Stores,
  setting: Setting,
): Promise<{ readonly tools: readonly Tool[]; readonly servers: Servers }> {
  const { layout, config, configPath, workers, credential } = setting;
  const ofKey = credential ? [credential.directory] : [];
  const publicFetch = openGuard(stores, setting);
  const servers = openServersOf(stores, setting, publicFetch);
  const own = await createTools(config.agents.defaults, {
    ...stores,
    fs: {
      ...openUndoable(stores, setting),
      limits: config.tools.filesystem,
      around: { kept: [layout.home, configPath, ...ofKey], userHome: stores.base.userHome },
    },
    publicFetch,
    jobs: openJobDesk(stores, setting),
    workers,
    listening: openListening(stores, setting),
    secrets: createToolSecrets({
      ...stores,
      clamNames: config.agents.clamEnv,
      onUse: createUseLog(stores),
    }),
  });
  const others = await serverTools(servers, stores, setting);
  return { tools: [...own, ...others], servers };
}

/** Where what was approved cannot be read, there are none; `doctor` and `mcp list` say why. */
async function serverTools(
  servers: Servers,
  stores: Stores,
  { config, terminal }: Setting,
): Promise<Tool[]> {
  if (servers.entries.length === 0) return [];
  try {
    const { createServerTools } = await import("../tools/server_tools.ts");
    return await createServerTools({ ...stores, servers }, config.agents.defaults);
  } catch (error) {
    if (!(error instanceof CodedError) || error.failure.code !== "server_unapproved") throw error;
    terminal.err(`clambot: ${error.message}\n`);
    return [];
  }
}
