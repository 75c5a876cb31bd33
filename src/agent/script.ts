import { readInputs } from "../clams/inputs.ts";
import type { Clam } from "../domain/clam.ts";
import { CodedError, type Failure } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import type { CallRecord } from "../domain/tool_call.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import { answerFrom, type Cost } from "./account.ts";
import { withNextStep } from "./next_step.ts";
import type { AgentPorts, SpendingPorts } from "./ports.ts";
import { findBrokenPromise } from "./result.ts";
import { failureFrom } from "./turn.ts";
import { type Ran, type Runnable, runProgram, type RuntimePorts } from "./runtime.ts";

/** What is needed to run programs outside of a conversation. */
export type ScriptPorts = RuntimePorts & SpendingPorts & Pick<AgentPorts, "satisfies">;

/** A script that the person runs directly. */
export interface Script {
  readonly source: string;
  readonly inputs: JsonObject;
  readonly tools: readonly string[];
}

/**
 * Runs the person's own script through sandbox and gate. No model, no clam, no session. What it
 * returns is told as it is; where it returns nothing, what it did is told.
 */
export async function runScript(
  script: Script,
  turn: Turn,
  ports: ScriptPorts,
  signal: AbortSignal,
): Promise<Answer> {
  const { source, inputs, tools } = script;
  const bounds = { declaredTools: tools, capabilities: [], limits: {} };
  const { ran, cost } = await runAlone({ source, inputs, ...bounds }, turn, ports, signal);
  return answerFrom(withDeeds(ran), cost, signal);
}

/**
 * Runs a kept clam with inputs laid over its defaults.
 * @throws {CodedError} `inputs_invalid`
 */
export async function runClam(
  clam: Clam,
  given: JsonObject,
  turn: Turn,
  ports: ScriptPorts,
  signal: AbortSignal,
): Promise<Answer> {
  const read = await readInputs(clam.manifest, given);
  if (!read.ok) throw new CodedError(read.failure.code, read.failure.message, read.failure.hint);
  const { id, manifest, script: source } = clam;
  const runnable = { ...manifest, id, source, inputs: read.inputs, manifest };
  const { ran, cost } = await runAlone(runnable, turn, ports, signal);
  return answerFrom(await checked(ran, clam, given, ports), { ...cost, clam: clam.id }, signal);
}

/** A kept clam's result is looked over here as it is in a conversation. */
async function checked(
  ran: Ran,
  { script, manifest }: Clam,
  given: JsonObject,
  { satisfies }: ScriptPorts,
): Promise<Ran> {
  const { outcome } = ran;
  if (outcome.kind !== "completed") return ran;
  const results = ran.results.map(({ value }) => value);
  const sources = { request: JSON.stringify(given), script, results };
  const { resultSchema } = manifest;
  const unfit = await findBrokenPromise(outcome.value, resultSchema, sources, satisfies);
  return unfit ? asFailed(ran, withNextStep(unfit.failure)) : ran;
}

/** A script may be there for what it does alone; one that does nothing either is none. */
function withDeeds(ran: Ran): Ran {
  const { outcome } = ran;
  if (outcome.kind !== "completed" || outcome.value !== undefined) return ran;
  const deeds = ran.calls.filter((call) => call.outcome === "ok").map(describeDeed);
  if (deeds.length > 0) {
    return { ...ran, outcome: { ...outcome, value: `Done: ${deeds.join(", ")}.` } };
  }
  return outcome.console.length > 0 ? ran : asFailed(ran, DID_NOTHING);
}

const DID_NOTHING: Failure = {
  code: "result_invalid",
  message: "The program returned nothing and did nothing.",
  hint: "Define async function run(args) that returns a value, or return one outside of functions.",
};

/** `fs write notes.md` */
function describeDeed({ tool, args }: CallRecord): string {
  const parts = [args.operation ?? args.method, args.url ?? args.path];
  return [tool, ...parts.filter((part) => typeof part === "string")].join(" ");
}

function asFailed(ran: Ran, failure: Failure): Ran {
  return { ...ran, outcome: { kind: "failed", failure, console: ran.outcome.console } };
}

async function runAlone(
  runnable: Runnable,
  turn: Turn,
  ports: ScriptPorts,
  signal: AbortSignal,
): Promise<{ readonly ran: Ran; readonly cost: Cost }> {
  const started = ports.clock.monotonic();
  const ran = await runAccounted(runnable, turn, ports, signal);
  const durationMs = Math.round(ports.clock.monotonic() - started);
  return { ran, cost: { modelCalls: ports.spent().calls, durationMs } };
}

/** What was done stands in the account also where the house itself fails. */
async function runAccounted(
  runnable: Runnable,
  turn: Turn,
  ports: ScriptPorts,
  signal: AbortSignal,
): Promise<Ran> {
  const { conversation, origin } = turn.message;
  const attempt = ports.runs.open({ turn: turn.id, conversation, origin }).beginAttempt();
  const account: CallRecord[] = [];
  try {
    return await runProgram(runnable, turn, { attempt, account }, ports, signal);
  } catch (error) {
    const outcome = { kind: "failed" as const, failure: failureFrom(error), console: [] };
    return { outcome, calls: account, results: [], foreign: false };
  }
}
