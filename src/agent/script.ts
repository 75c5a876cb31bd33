import { readInputs } from "../clams/inputs.ts";
import type { Clam, ClamId } from "../domain/clam.ts";
import { CodedError } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import { createJournal } from "../runs/journal.ts";
import { answerFrom } from "./account.ts";
import type { SpendingPorts } from "./ports.ts";
import { type Runnable, runProgram, type RuntimePorts } from "./runtime.ts";

/** What is needed to run programs outside of a conversation. */
export type ScriptPorts = RuntimePorts & SpendingPorts;

/** A script that the person runs directly. */
export interface Script {
  readonly source: string;
  readonly inputs: JsonObject;
  readonly tools: readonly string[];
}

/** Runs the person's own script through sandbox and gate. No model, no clam, no session. */
export async function runScript(
  script: Script,
  ports: ScriptPorts,
  signal: AbortSignal,
): Promise<Answer> {
  const { source, inputs, tools } = script;
  const bounds = { declaredTools: tools, capabilities: [], limits: {} };
  return await runAlone({ source, inputs, ...bounds }, undefined, ports, signal);
}

/**
 * Runs a kept clam with inputs laid over its defaults.
 * @throws {CodedError} `inputs_invalid`
 */
export async function runClam(
  clam: Clam,
  given: JsonObject,
  ports: ScriptPorts,
  signal: AbortSignal,
): Promise<Answer> {
  const read = await readInputs(clam.manifest, given);
  if (!read.ok) throw new CodedError(read.failure.code, read.failure.message, read.failure.hint);
  const runnable = { ...clam.manifest, source: clam.script, inputs: read.inputs };
  return await runAlone(runnable, clam.id, ports, signal);
}

async function runAlone(
  runnable: Runnable,
  clam: ClamId | undefined,
  ports: ScriptPorts,
  signal: AbortSignal,
): Promise<Answer> {
  const started = ports.clock.monotonic();
  const turn: Turn = {
    id: ports.random.id(),
    message: { origin: "cli", conversation: "cli:run", text: "", at: ports.clock.now() },
  };
  const ran = await runProgram(runnable, turn, createJournal().beginAttempt(), ports, signal);
  return answerFrom(ran, {
    modelCalls: ports.spentIn(turn.id).calls,
    durationMs: Math.round(ports.clock.monotonic() - started),
    ...(clam === undefined ? {} : { clam }),
  });
}
