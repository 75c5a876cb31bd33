import type { Capability, ClamLimits } from "../domain/clam.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { CallRecord } from "../domain/tool_call.ts";
import type { RunOutcome, Turn } from "../domain/turn.ts";
import type { Tell } from "../domain/turn_event.ts";
import type { Clock, Random } from "../platform/platform.ts";
import type { CallingProgram, LeasedManifest } from "../approvals/lease.ts";
import { sha256Hex } from "../text/canonical_json.ts";
import type { AskingProgram } from "../secrets/tool_secrets.ts";
import type { LanguageModel } from "../providers/provider.ts";
import type { Attempt, Runs } from "../runs/runs.ts";
import type { Limits, Sandbox } from "../sandbox/sandbox.ts";
import { zoneOffset } from "../text/zone_offset.ts";
import type { Dispatch, Road } from "../tools/road.ts";

/** What is needed to run a program behind all the walls. */
export interface RuntimePorts {
  readonly sandbox: Sandbox;
  readonly dispatch: Dispatch;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: Limits;
  readonly tell: Tell;
  readonly runs: Runs;
  /**
   * The model that tools of the turn may ask.
   * @throws {CodedError} `no_model`
   */
  mainModel(): LanguageModel;
}

/** A program with everything that bounds it. */
export interface Runnable extends AskingProgram {
  readonly source: string;
  readonly inputs: JsonObject;
  readonly declaredTools: readonly string[];
  readonly capabilities: readonly Capability[];
  readonly limits: ClamLimits;
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
  const { conversation } = turn.message;
  const road = ports.dispatch.open({
    context: {
      turnId: turn.id,
      conversation,
      mainModel: ports.mainModel,
      program: askingProgram(program),
    },
    declaredTools: program.declaredTools,
    capabilities: program.capabilities,
    own: [program.source, JSON.stringify(program.inputs), turn.message.text],
    attempt: log.attempt,
    ...await callerOf(program),
  });
  try {
    const outcome = await runInside(program, road, ports, signal);
    await road.settled();
    const { unwritten } = road;
    return {
      outcome: unwritten
        ? { kind: "ended", failure: unwritten, console: outcome.console }
        : nameUndeclared(outcome, ports.dispatch),
      calls: road.calls,
      results: road.results,
      foreign: road.foreign,
    };
  } finally {
    log.account.push(...road.calls);
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
  road: Road,
  ports: RuntimePorts,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const now = ports.clock.now();
  return ports.sandbox.run(
    {
      source,
      args: inputs,
      tools: declaredTools,
      seed: ports.random.bytes(32).toHex(),
      now,
      timezoneOffset: zoneOffset(now, ports.clock.zone()),
    },
    tighten(ports.limits, limits),
    road.host,
    signal,
  );
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
function tighten(limits: Limits, own: ClamLimits): Limits {
  return {
    ...limits,
    cpuMs: Math.min(limits.cpuMs, own.timeoutMs ?? limits.cpuMs),
    calls: Math.min(limits.calls, own.maxCalls ?? limits.calls),
  };
}
