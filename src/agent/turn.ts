import { CodedError, type Failure } from "../domain/failure.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { AgentPorts } from "./ports.ts";
import { select } from "./selector.ts";
import { failureOfAbort } from "./time_limit.ts";
import { openTurnLog, type TurnLog } from "./turn_log.ts";
import { type Ending, failed, writeAndRun } from "./write_and_run.ts";

/**
 * Takes one request to one answer. Failures are answers too, also those of the house itself: what
 * was done until then stands in the account of every answer.
 */
export async function takeTurn(
  turn: Turn,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<Answer> {
  const started = ports.clock.monotonic();
  const log = openTurnLog(turn, ports);
  const ending = await answerTurn(turn, log, ports, signal);
  const { calls, usage } = ports.spent();
  return {
    ...ending,
    calls: log.calls,
    foreign: ending.foreign || log.foreign,
    turn: turn.id,
    modelCalls: calls,
    usage,
    durationMs: Math.round(ports.clock.monotonic() - started),
    ...(log.notes.length > 0 ? { notes: log.notes } : {}),
  };
}

async function answerTurn(
  turn: Turn,
  log: TurnLog,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<Ending> {
  try {
    const selected = await select(turn, ports, signal);
    if (selected.kind === "chat") {
      const { chat } = await import("./chat.ts");
      return { status: "chat", ...await chat(selected, turn, ports, signal) };
    }
    return await writeAndRun(selected, turn, log, ports, signal);
  } catch (error) {
    return failed(signal.aborted ? failureOfAbort(signal) : failureFrom(error));
  }
}

/** What was thrown, as the failure of an answer. */
export function failureFrom(error: unknown): Failure {
  if (error instanceof CodedError) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return { code: "internal", message: `ClamBot itself failed: ${message}` };
}
