import type { Capability, ClamLimits } from "../domain/clam.ts";
import type { Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { allCalls, type CallRecord } from "../domain/tool_call.ts";
import type { RunOutcome, Turn } from "../domain/turn.ts";
import type { Tell } from "../domain/turn_event.ts";
import type { Clock } from "../platform/platform.ts";
import { resolveRules } from "../approvals/capabilities.ts";
import type { CallingProgram, LeasedManifest } from "../approvals/lease.ts";
import type { AskingProgram } from "../secrets/tool_secrets.ts";
import type { LanguageModel } from "../providers/provider.ts";
import type { Attempt } from "../runs/attempt.ts";
import type { RecordedProgram } from "../runs/line.ts";
import type { Run } from "../runs/run.ts";
import type { Limits, Sandbox } from "../sandbox/sandbox.ts";
import { sha256Hex } from "../text/canonical_json.ts";
import type { Dispatch, Road, UsedClam, UsingCall } from "../tools/road.ts";
import type { ClamOrder } from "../tools/tool.ts";

/** What is needed to run a program behind all the walls. */
export interface RuntimePorts {
  readonly sandbox: Sandbox;
  readonly dispatch: Dispatch;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly tell: Tell;
  /** The run that the programs of the turn belong to. */
  readonly run: Run;
  readonly useClam: UsingClams;
  /**
   * The model that tools of the turn may ask.
   * @throws {CodedError} `no_model`
   */
  mainModel(): LanguageModel;
}

/** The call that uses a clam, with what is around it. */
export interface Using extends UsingCall {
  readonly turn: Turn;
  /** The clam whose program it is, where it is kept. */
  readonly by?: string;
}

/** Uses kept clams from the programs of a run. */
export type UsingClams = (
  order: ClamOrder,
  using: Using,
  signal: AbortSignal,
) => Promise<UsedClam>;

/** A program with everything that bounds it. */
export interface Runnable extends AskingProgram {
  readonly source: string;
  readonly inputs: JsonObject;
  readonly declaredTools: readonly string[];
  readonly capabilities: readonly Capability[];
  readonly limits: ClamLimits;
  /** Others may have written in the inputs. */
  readonly foreignInputs?: boolean;
  /** As it is kept, or as a draft would be; absent: a script of the person's own. */
  readonly manifest?: LeasedManifest & { readonly name: string };
}

/** How a run ended, and what it did on the way. */
export interface Ran {
  readonly outcome: RunOutcome;
  readonly calls: readonly CallRecord[];
  /** What the tools returned, for describing its types. */
  readonly results: readonly { readonly tool: string; readonly value: Json }[];
  /** Whether a tool brought in text of others. */
  readonly foreign: boolean;
}

/**
 * Runs one program in the sandbox, its calls on the one road. `account`
 * gets its calls however it ends, also when the house breaks.
 */
export async function runProgram(
  program: Runnable,
  turn: Turn,
  log: { readonly attempt: Attempt; readonly account: CallRecord[] },
  ports: RuntimePorts,
  signal: AbortSignal,
): Promise<Ran> {
  const { conversation, text } = turn.message;
  const { id: by, source, inputs, foreignInputs } = program;
  const using = { turn, ...(by === undefined ? {} : { by }) };
  const road = ports.dispatch.open({
    context: {
      turnId: turn.id,
      conversation,
      mainModel: ports.mainModel,
      program: askingProgram(program),
    },
    declaredTools: program.declaredTools,
    capabilities: resolveRules(program.capabilities, inputs),
    own: [source, ...(foreignInputs ? [] : [JSON.stringify(inputs)]), text],
    ...(foreignInputs ? { foreignInputs: inputs } : {}),
    attempt: log.attempt,
    ...await callerOf(program),
    run: ports.run,
    useClam: (order, call, inner) => ports.useClam(order, { ...using, ...call }, inner),
  });
  try {
    const inside = await runInside(program, log.attempt, road, ports, signal);
    await road.settled();
    const outcome = settle(inside, road, ports.dispatch);
    await ports.run.came(outcome).catch(() => {}); // where it is missing, the run's end tells of it
    return {
      outcome,
      calls: allCalls(road.calls),
      results: road.results,
      foreign: road.foreign,
    };
  } finally {
    log.account.push(...allCalls(road.calls));
  }
}

/** One object for each run: a lease counts its calls by it. */
async function callerOf(
  { id, source, manifest }: Runnable,
): Promise<{ readonly caller?: CallingProgram }> {
  if (!manifest) return {};
  const known = id === undefined ? {} : { id };
  return { caller: { ...known, name: manifest.name, sha256: await sha256Hex(source), manifest } };
}

function askingProgram({ id, name, secrets }: Runnable): AskingProgram {
  return {
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    ...(secrets === undefined ? {} : { secrets }),
  };
}

function runInside(
  { source, inputs, declaredTools, limits }: Runnable,
  { start }: Attempt,
  road: Road,
  ports: RuntimePorts,
  signal: AbortSignal,
): Promise<RunOutcome> {
  return ports.sandbox.run(
    { source, args: inputs, tools: declaredTools, ...start },
    tighten(ports.limits, limits),
    road.host,
    signal,
  );
}

/** How a run ended, with what only its road knows. */
function settle(outcome: RunOutcome, road: Road, dispatch: Dispatch): RunOutcome {
  const { unwritten, diverged } = road;
  const { console } = outcome;
  if (unwritten) return { kind: "ended", failure: unwritten, console };
  if (diverged && outcome.kind !== "cancelled" && outcome.kind !== "ended") {
    return { kind: "ended", failure: DIVERGED, console };
  }
  return nameUndeclared(outcome, dispatch);
}

const DIVERGED: Failure = {
  code: "run_diverged",
  message: "The program took another way than the one on record, so nothing more was done.",
  hint: "Ask again, if it is still wanted.",
};

/** A program as it goes on record. */
export async function recordProgram(program: Runnable): Promise<RecordedProgram> {
  const { source, inputs, declaredTools, capabilities, limits } = program;
  const sha256 = await sha256Hex(source);
  return {
    ...{ source, sha256, inputs, declaredTools, capabilities, limits },
    ...askingProgram(program),
  };
}

/** Inside, an undeclared tool is a name that does not exist; the person is told what it is. */
function nameUndeclared(outcome: RunOutcome, dispatch: Dispatch): RunOutcome {
  if (outcome.kind !== "failed" || outcome.failure.code !== "runtime_execution_error") {
    return outcome;
  }
  const [, name] = /^ReferenceError: (\w+) is not defined$/.exec(outcome.failure.message) ?? [];
  const failure = name === undefined ? undefined : dispatch.undeclared(name);
  if (!failure) return outcome;
  const { line } = outcome.failure;
  return { ...outcome, failure: line === undefined ? failure : { ...failure, line } };
}

/** A clam can make its limits tighter, never wider. */
export function tighten(limits: Limits, own: ClamLimits): Limits {
  return {
    ...limits,
    cpuMs: Math.min(limits.cpuMs, own.timeoutMs ?? limits.cpuMs),
    calls: Math.min(limits.calls, own.maxCalls ?? limits.calls),
  };
}
