import type { ScriptPorts } from "../agent/script.ts";
import { createMeanwhile, type Meanwhile } from "../agent/aside.ts";
import { startTimeLimit } from "../agent/time_limit.ts";
import type { Config } from "../config/schema.ts";
import type { InboundMessage } from "../domain/message.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { Tell } from "../domain/turn_event.ts";
import { follow } from "../platform/follow.ts";
import type { RunPurpose } from "../runs/line.ts";
import type { Run } from "../runs/run.ts";
import { runEndOf } from "../runs/run_end.ts";
import { watchStop } from "../runs/stop_watch.ts";
import { DEFAULT_LIMITS } from "../sandbox/limits.ts";
import type { Limits } from "../sandbox/sandbox.ts";
import { openToolBudget } from "../usage/tool_budget.ts";
import { createCleanTell } from "./_clean_tell.ts";
import type { House } from "./_house.ts";
import { openSecretQuestions } from "./_secret_questions.ts";
import { type RuntimeMeans, runtimeOf } from "./_turn_runtime.ts";
import type { MeteredModels } from "./models.ts";
import type { Stores } from "./stores.ts";
import type { Surroundings } from "./surroundings.ts";
import { rightsOf, type TurnRights } from "./turn_rights.ts";

/**
 * What one turn has for itself, made when it begins and dropped when it has ended, so that nothing of
 * a turn outlives it. Only this room knows it: rooms below get single ports from it.
 */
export interface TurnScope {
  readonly turn: Turn;
  /** What it may do and know. */
  readonly rights: TurnRights;
  readonly models: MeteredModels;
  readonly tell: Tell;
  /** Pieces of a worded answer are wanted as they arrive. */
  readonly streams: boolean;
  /** What programs of the turn run with. */
  readonly runtime: ScriptPorts;
  /** Aborted when the caller stops the turn, its time is up, or everything is told to stop. */
  readonly signal: AbortSignal;
  readonly run: Run;
  /** What goes on beside the answer. */
  readonly meanwhile: Meanwhile;
  /**
   * To be called when the turn has ended: with its answer, where there is one. A run that waits for a
   * person stays open; every other one has ended.
   */
  end(answer?: Answer): Promise<void>;
}

/** Begins a turn; its clock runs from here. `purpose`: a run that is begun, or one to go on with. */
export function openTurnScope(
  message: InboundMessage,
  surroundings: Surroundings,
  house: House,
  signal: AbortSignal,
  purpose: RunPurpose | Run,
): TurnScope {
  const { stores, setting } = house;
  const { origin, conversation } = message;
  const { agents } = setting.config;
  const run = typeof purpose === "string"
    ? beginRun(message, purpose, surroundings, stores)
    : purpose;
  const { turn: id } = run.record.opening;
  const tell = createCleanTell(surroundings.listen ?? (() => {}), stores.redactor);
  const rights = rightsOf(conversation);
  const models = house.models.open({
    turn: id,
    origin,
    guest: rights.guest,
    mostCalls: surroundings.mostModelCalls,
  });
  const { budgets } = agents;
  const toolBudget = openToolBudget({ turn: id, origin }, {
    ...stores,
    limits: budgets,
  });
  const limit = startTimeLimit(budgets.perTurn.seconds, stores.clock.monotonic);
  const ending = new AbortController();
  const unfollow = [follow(ending, signal), follow(ending, limit.signal)];
  const watch = watchStop(stores.state, stores.clock, ending);
  const questions = house.questionsOf(conversation);
  const asker = agents.approvals.interactive ? surroundings.secretAsker : undefined;
  const askSecret = asker &&
    openSecretQuestions({ stores, asker, questions, limit, tell });
  const means: RuntimeMeans = {
    ...(askSecret ? { askSecret } : {}),
    ...{ turn: { turn: id, conversation, origin }, root: run, surroundings, house },
    ...{ models, tell, rights, limit, questions, toolBudget },
    asked: { questions: 0 },
    limits: limitsFrom(setting.config, surroundings),
  };
  return {
    turn: { id, message },
    rights,
    models,
    tell,
    streams: surroundings.streams ?? false,
    signal: ending.signal,
    runtime: runtimeOf(run, [], means),
    run,
    meanwhile: createMeanwhile(tell),
    async end(answer) {
      limit.stop();
      for (const stop of unfollow) stop();
      await Promise.all([watch.end(), toolBudget.end()]);
      if (!answer || answer.waits) await run.close();
      else await run.end(runEndOf(answer.failure), answer.failure);
    },
  };
}

function beginRun(
  { conversation, origin, ...message }: InboundMessage,
  purpose: RunPurpose,
  { turn, grants = [] }: Surroundings,
  { runs, random }: Stores,
): Run {
  return runs.open({
    turn: turn ?? random.id(),
    conversation,
    origin,
    purpose,
    message,
    ...(grants.length > 0 ? { grants } : {}),
  });
}

/** The hard limits of programs; `programSeconds`: in place of the configured ones. */
export function limitsFrom(
  config: Config,
  { programSeconds }: Pick<Surroundings, "programSeconds">,
): Limits {
  const { runtimeTimeoutSeconds, maxToolIterations } = config.agents.defaults;
  return {
    ...DEFAULT_LIMITS,
    cpuMs: 1000 * (programSeconds ?? runtimeTimeoutSeconds),
    calls: maxToolIterations,
    memoryBytes: config.sandbox.memoryMiB * 1024 * 1024,
  };
}
