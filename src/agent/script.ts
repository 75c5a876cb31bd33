import { readInputs } from "../clams/inputs.ts";
import type { Clam, ClamId, ClamManifest } from "../domain/clam.ts";
import { CodedError, type Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { CallRecord } from "../domain/tool_call.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { Attempt } from "../runs/attempt.ts";
import type { LastAttempt } from "../runs/run.ts";
import { answerFrom } from "./account.ts";
import { withNextStep } from "./next_step.ts";
import type { AgentPorts, SpendingPorts } from "./ports.ts";
import { findBrokenPromise } from "./result.ts";
import {
  type Ran,
  recordProgram,
  type Runnable,
  runProgram,
  type RuntimePorts,
} from "./runtime.ts";
import { failureFrom, withWaiting } from "./turn.ts";

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
  const begun = { program: { source, inputs, ...bounds }, memo: SCRIPT };
  return await runAlone(begun, turn, ports, signal, (ran) => Promise.resolve(withDeeds(ran)));
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
  const program = { ...manifest, id, source, inputs: read.inputs, manifest };
  const memo = { kind: "clam", id, manifest, given } as unknown as ScriptMemo;
  const check = (ran: Ran) => lookOverClam(ran, clam, given, ports);
  const answer = await runAlone({ program, memo }, turn, ports, signal, check);
  return { ...answer, clam: id };
}

/**
 * Goes on with a script or clam that another process began.
 * @throws {CodedError} `run_damaged` when its record is of no such program
 */
export async function resumeScript(
  { program, memo, attempt }: LastAttempt,
  turn: Turn,
  ports: ScriptPorts,
  signal: AbortSignal,
): Promise<Answer> {
  const known = memo as unknown as ScriptMemo;
  if (known.kind === "script") {
    const begun = { program, memo: known, attempt };
    return await runAlone(begun, turn, ports, signal, (ran) => Promise.resolve(withDeeds(ran)));
  }
  const { id, manifest, given } = known;
  const clam = { id, manifest, script: program.source };
  const check = (ran: Ran) => lookOverClam(ran, clam, given, ports);
  const begun = { program: { ...program, manifest }, memo: known, attempt };
  return { ...await runAlone(begun, turn, ports, signal, check), clam: id };
}

const SCRIPT: ScriptMemo = { kind: "script" };

/** What is needed to go on after the program. */
type ScriptMemo =
  | { readonly kind: "script" }
  | {
    readonly kind: "clam";
    readonly id: ClamId;
    readonly manifest: ClamManifest;
    readonly given: JsonObject;
  };

interface BegunScript {
  readonly program: Runnable;
  readonly memo: ScriptMemo;
  /** Of a program that another process began. */
  readonly attempt?: Attempt;
}

/** A kept clam's result is looked over here as it is in a conversation. */
export async function lookOverClam(
  ran: Ran,
  { script, manifest }: Clam,
  given: JsonObject,
  { satisfies }: Pick<ScriptPorts, "satisfies">,
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
  begun: BegunScript,
  turn: Turn,
  ports: ScriptPorts,
  signal: AbortSignal,
  check: (ran: Ran) => Promise<Ran>,
): Promise<Answer> {
  const started = ports.clock.monotonic();
  const ran = await check(await runAccounted(begun, turn, ports, signal));
  const durationMs = Math.round(ports.clock.monotonic() - started);
  const answer = answerFrom(ran, { modelCalls: ports.spent().calls, durationMs }, signal);
  return withWaiting(answer, ports.run);
}

/** What was done stands in the account also where the house itself fails. */
async function runAccounted(
  { program, memo, attempt: known }: BegunScript,
  turn: Turn,
  ports: ScriptPorts,
  signal: AbortSignal,
): Promise<Ran> {
  const account: CallRecord[] = [];
  try {
    const attempt = known ??
      await ports.run.beginAttempt(await recordProgram(program), memo as unknown as Json);
    return await runProgram(program, turn, { attempt, account }, ports, signal);
  } catch (error) {
    const outcome = { kind: "failed" as const, failure: failureFrom(error), console: [] };
    return { outcome, calls: account, results: [], foreign: false };
  }
}
