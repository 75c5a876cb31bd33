import type { ScriptPorts } from "../agent/script.ts";
import type { TimeLimit } from "../agent/time_limit.ts";
import { createClamUse } from "../agent/use_clam.ts";
import { createGate, type Gate } from "../approvals/gate.ts";
import type { QuestionQueue } from "../approvals/question_queue.ts";
import type { Origin } from "../domain/message.ts";
import { allCalls } from "../domain/tool_call.ts";
import type { Tell } from "../domain/turn_event.ts";
import { createRecordedApprover } from "../runs/recorded_approver.ts";
import { grantOf } from "../approvals/gate_call.ts";
import type { Grant } from "../approvals/grants.ts";
import type { RunRecord } from "../runs/record.ts";
import type { Run } from "../runs/run.ts";
import { findStop } from "../runs/stop_mark.ts";
import type { Limits } from "../sandbox/sandbox.ts";
import { createDispatch } from "../tools/dispatch.ts";
import type { ToolBudget } from "../usage/tool_budget.ts";
import type { House } from "./_house.ts";
import type { AskSecret } from "./_secret_questions.ts";
import type { MeteredModels } from "./models.ts";
import { satisfies } from "./result_schema.ts";
import type { Surroundings } from "./surroundings.ts";
import { openLeasesOfTurn } from "./turn_leases.ts";
import { toolsFor, type TurnRights } from "./turn_rights.ts";

/** What the runs of one turn have in common: that of its own programs, and those of clams they use. */
export interface RuntimeMeans {
  readonly turn: { readonly turn: string; readonly conversation: string; readonly origin: Origin };
  /** The run that all others are parts of. */
  readonly root: Run;
  readonly surroundings: Surroundings;
  readonly house: House;
  readonly models: MeteredModels;
  readonly tell: Tell;
  readonly rights: TurnRights;
  readonly limit: TimeLimit;
  readonly questions: QuestionQueue;
  /** Nobody can be asked for a secret where it is left out. */
  readonly askSecret?: AskSecret;
  readonly toolBudget: ToolBudget;
  /** Questions that the turn has asked; grows. */
  readonly asked: { questions: number };
  readonly limits: Limits;
}

/** Milliseconds that one tool call may take once it is allowed. */
const CALL_MS = 120_000;

/**
 * What programs of a run are run with. A clam that they use has a run, a gate and leases of its own,
 * so that nothing that was allowed to the one is allowed to the other.
 */
export function runtimeOf(run: Run, chain: readonly string[], means: RuntimeMeans): ScriptPorts {
  const { house, tell, models, rights, limits, toolBudget, askSecret } = means;
  const { stores, setting, tools, sandbox } = house;
  const { interactive } = setting.config.agents.approvals;
  toolBudget.addEarlier(callsBefore(run.record));
  return {
    ...stores,
    run,
    sandbox,
    tell,
    limits,
    satisfies,
    mainModel: models.main,
    spent: models.spent,
    dispatch: createDispatch({
      ...stores,
      ...{ tools: toolsFor(rights, tools), tell, callMs: CALL_MS, canWait: interactive },
      countCall: toolBudget.count,
      ...(askSecret ? { askSecret } : {}),
      gate: gateOf(run, means),
      findStop: () => findStop(stores.state, stores.clock),
    }),
    useClam: createClamUse({
      ...stores,
      ...{ run, chain, satisfies },
      partOf: (part, within) => runtimeOf(part, within, means),
    }),
  };
}

/** Nobody attends such a run, whoever takes it up: a lease is needed, or a person is waited for. */
const UNATTENDED: ReadonlySet<Origin> = new Set(["cron", "heartbeat"]);

function gateOf(run: Run, means: RuntimeMeans): Gate {
  const { turn, root, surroundings, house, tell, limit, questions, asked } = means;
  const { stores, setting } = house;
  const { approvals } = setting.config.agents;
  asked.questions += askedBefore(run.record);
  return createGate({
    ...stores,
    ...{ questions, asked, tell },
    given: [...surroundings.grants ?? [], ...root.record.opening.grants ?? []],
    ofTurn: turnGrantsOf(run.record),
    approver: limit.around(createRecordedApprover({
      run,
      approver: surroundings.approver,
      by: surroundings.by ?? { channel: "terminal" },
      canWait: approvals.interactive,
      clock: stores.clock,
    })),
    policy: { ...approvals, unattended: UNATTENDED.has(root.record.opening.origin) },
    onGrant: async ({ id: grant = "", tool, scope, expiresAt = null }) => {
      const { origin: _, ...place } = turn;
      const given = { ...place, id: grant, tool, scope, expiresAt };
      await stores.audit.record("grant_given", stores.redactor.clean(given));
    },
    ...openLeasesOfTurn(turn, house),
  });
}

/**
 * Calls that a run made before this process: those too of clams whose use has ended. What the last
 * program began and did not end is not among them, for the program comes to it again.
 */
function callsBefore({ attempts }: RunRecord): number {
  const told = attempts.flatMap((attempt) => attempt.told.map(({ record }) => record));
  const counted = allCalls(told).filter(({ decision }) => decision !== "journal");
  return counted.length + attempts.slice(0, -1).reduce((sum, { begun }) => sum + begun.size, 0);
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
