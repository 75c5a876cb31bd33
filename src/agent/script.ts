import type { JsonObject } from "../domain/json.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import { createJournal } from "../runs/journal.ts";
import { answerFrom } from "./account.ts";
import { type Ran, runProgram, type RuntimePorts } from "./runtime.ts";

/** A script that the person runs directly. */
export interface Script {
  readonly source: string;
  readonly inputs: JsonObject;
  readonly tools: readonly string[];
}

/** Runs the person's own script through sandbox and gate. No model, no clam, no session. */
export async function runScript(
  script: Script,
  ports: RuntimePorts,
  signal: AbortSignal,
): Promise<Answer> {
  const started = ports.clock.monotonic();
  const turn: Turn = {
    id: ports.random.id(),
    message: { origin: "cli", conversation: "cli:run", text: "", at: ports.clock.now() },
  };
  const ran: Ran = await runProgram(
    {
      source: script.source,
      inputs: script.inputs,
      declaredTools: script.tools,
      capabilities: [],
      limits: {},
    },
    turn,
    createJournal().beginAttempt(),
    ports,
    signal,
  );
  return answerFrom(ran, {
    modelCalls: 0,
    durationMs: Math.round(ports.clock.monotonic() - started),
  });
}
