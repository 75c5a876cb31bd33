import type { ScriptPorts } from "../agent/script.ts";
import { startTimeLimit } from "../agent/time_limit.ts";
import { createGate } from "../approvals/gate.ts";
import { grantOf } from "../approvals/gate_call.ts";
import type { Grant } from "../approvals/grants.ts";
import type { Config } from "../config/schema.ts";
import type { InboundMessage } from "../domain/message.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { Tell } from "../domain/turn_event.ts";
import { follow } from "../platform/follow.ts";
import type { RunEnd, RunPurpose } from "../runs/line.ts";
import { createRecordedApprover } from "../runs/recorded_approver.ts";
import type { RunRecord } from "../runs/record.ts";
import type { Run } from "../runs/run.ts";
import { findStop } from "../runs/stop_mark.ts";
import { watchStop } from "../runs/stop_watch.ts";
import { DEFAULT_LIMITS } from "../sandbox/limits.ts";
import type { Limits } from "../sandbox/sandbox.ts";
import { createDispatch } from "../tools/dispatch.ts";
import { openToolBudget } from "../usage/tool_budget.ts";
import { createCleanTell } from "./_clean_tell.ts";
import type { House } from "./_house.ts";
import { openLeasesOfTurn } from "./turn_leases.ts";
import { openSecretQuestions } from "./_secret_questions.ts";
import type { MeteredModels } from "./models.ts";
import { satisfies } from "./result_schema.ts";
import type { Stores } from "./stores.ts";
import type { Surroundings } from "./surroundings.ts";
import { rightsOf, toolsFor, type TurnRights } from "./turn_rights.ts";

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
  /**
   * To be called when the turn has ended: with its answer, where there is one. A run that waits for a
   * person stays open; every other one has ended.
   */
  end(answer?: Answer): Promise<void>;
}

/** Questions that a run asked before this process and whose calls were done or begun since. */
function askedBefore({ attempts, questions }: RunRecord): number {
  const last = attempts.at(-1);
  const told = new Set(last?.told.map(({ call }) => call));
  return questions.filter(({ attempt, call, begun }) =>
    attempt < attempts.length || told.has(call) || (last?.begins.get(call) ?? 0) > begun
  ).length;
}

/** What the person allowed for this turn in another process. */
function turnGrantsOf({ questions }: RunRecord): readonly Grant[] {
  return questions.flatMap(({ matter, answer }) =>
    matter.kind === "call" && answer?.reply.kind === "turn"
      ? [grantOf(matter.request, answer.reply.scope)]
      : []
  );
}

/** How the run of an answer ended. */
function endOf({ failure }: Answer): RunEnd {
  switch (failure?.code) {
    case undefined:
      return "completed";
    case "cancelled":
      return "cancelled";
    case "approval_denied":
      return "rejected";
    case "run_diverged":
      return "diverged";
    default:
      return "failed";
  }
}

/** Milliseconds that one tool call may take once it is allowed. */
const CALL_MS = 120_000;

/** Begins a turn; its clock runs from here. `purpose`: a run that is begun, or one to go on with. */
export function openTurnScope(
  message: InboundMessage,
  surroundings: Surroundings,
  house: House,
  signal: AbortSignal,
  purpose: RunPurpose | Run,
): TurnScope {
  const { stores, setting, tools, sandbox } = house;
  const { origin, conversation } = message;
  const { agents } = setting.config;
  const run = typeof purpose === "string"
    ? beginRun(message, purpose, surroundings, stores)
    : purpose;
  const { turn: id } = run.record.opening;
  const tell = createCleanTell(surroundings.listen ?? (() => {}), stores.redactor);
  const rights = rightsOf(conversation);
  const models = house.models.open({ turn: id, origin, guest: rights.guest });
  const { budgets } = agents;
  const toolBudget = openToolBudget({ turn: id, origin }, { ...stores, limits: budgets });
  const limit = startTimeLimit(budgets.perTurn.seconds, stores.clock.monotonic);
  const ending = new AbortController();
  const unfollow = [follow(ending, signal), follow(ending, limit.signal)];
  const watch = watchStop(stores.state, stores.clock, ending);
  const questions = house.questionsOf(conversation);
  const asker = agents.approvals.interactive ? surroundings.secretAsker : undefined;
  const gate = createGate({
    ...stores,
    given: [...surroundings.grants ?? [], ...run.record.opening.grants ?? []],
    ofTurn: turnGrantsOf(run.record),
    approver: limit.around(createRecordedApprover({
      run,
      approver: surroundings.approver,
      by: surroundings.by ?? { channel: "terminal" },
      canWait: agents.approvals.interactive,
      clock: stores.clock,
    })),
    questions,
    asked: askedBefore(run.record),
    policy: { ...agents.approvals, unattended: surroundings.unattended ?? false },
    tell,
    onGrant: async ({ id: grant = "", tool, scope, expiresAt = null }) => {
      const given = { turn: id, conversation, id: grant, tool, scope, expiresAt };
      await stores.audit.record("grant_given", stores.redactor.clean(given));
    },
    ...openLeasesOfTurn({ turn: id, conversation, origin }, house),
  });
  return {
    turn: { id, message },
    rights,
    models,
    tell,
    streams: surroundings.streams ?? false,
    signal: ending.signal,
    runtime: {
      ...stores,
      run,
      sandbox,
      tell,
      dispatch: createDispatch({
        ...stores,
        tools: toolsFor(rights, tools),
        gate,
        tell,
        callMs: CALL_MS,
        canWait: agents.approvals.interactive,
        ...(asker
          ? { askSecret: openSecretQuestions({ stores, asker, questions, limit, tell }) }
          : {}),
        countCall: toolBudget.count,
        findStop: () => findStop(stores.state, stores.clock),
      }),
      limits: limitsFrom(setting.config, surroundings),
      satisfies,
      mainModel: models.main,
      spent: models.spent,
    },
    run,
    async end(answer) {
      limit.stop();
      for (const stop of unfollow) stop();
      await Promise.all([watch.end(), toolBudget.end()]);
      if (!answer || answer.waits) await run.close();
      else await run.end(endOf(answer), answer.failure);
    },
  };
}

function beginRun(
  { conversation, origin, text, at, pasted }: InboundMessage,
  purpose: RunPurpose,
  { turn, grants = [] }: Surroundings,
  { runs, random }: Stores,
): Run {
  const message = { text, at, ...(pasted ? { pasted } : {}) };
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
