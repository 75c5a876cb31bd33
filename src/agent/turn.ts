import { CodedError, type Failure, type FailureCode } from "../domain/failure.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { Run } from "../runs/run.ts";
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
  return await accounted(turn, ports, (log) => answerTurn(turn, log, ports, signal));
}

/** The answer with its account: what was called, asked and used until then. */
export async function accounted(
  turn: Turn,
  ports: AgentPorts,
  end: (log: TurnLog) => Promise<Ending>,
): Promise<Answer> {
  const started = ports.clock.monotonic();
  const log = openTurnLog(ports);
  const ending = await end(log);
  const { calls, usage } = ports.spent();
  return withWaiting({
    ...ending,
    calls: log.calls,
    foreign: ending.foreign || log.foreign,
    turn: turn.id,
    modelCalls: calls,
    usage,
    durationMs: Math.round(ports.clock.monotonic() - started),
    ...(log.notes.length > 0 ? { notes: log.notes } : {}),
  }, ports.run);
}

async function answerTurn(
  turn: Turn,
  log: TurnLog,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<Ending> {
  try {
    const selected = await select(turn, ports, signal);
    if (selected.kind !== "chat") return await writeAndRun(selected, turn, log, ports, signal);
    const { chat } = await import("./chat.ts");
    const said = await chat(selected, turn, ports, signal);
    const { checkPromise } = await import("./check_promise.ts");
    const checked = await checkPromise(said, turn, ports, signal);
    switch (checked.kind) {
      case "said":
        return { status: "chat", ...said, reply: checked.reply };
      case "failed":
        return failed(checked.failure);
      case "program": {
        const { knowledge } = selected;
        const chosen = { kind: "generate", knowledge, candidates: [] } as const;
        return await writeAndRun(chosen, turn, log, ports, signal);
      }
    }
  } catch (error) {
    return failed(signal.aborted ? failureOfAbort(signal) : failureFrom(error));
  }
}

/** Failures that an answer to an open question can still mend. */
const UNANSWERED: readonly FailureCode[] = [
  "approval_needed",
  "call_in_doubt",
  "secret_not_available",
];

/** Whether an answer to an open question can still mend it. */
export function waitsForAnswer({ code }: Failure): boolean {
  return UNANSWERED.includes(code);
}

/** The answer, with the question that its run waits for, if it does. */
export function withWaiting(answer: Answer, { id, waits }: Pick<Run, "id" | "waits">): Answer {
  if (!waits || !answer.failure || !waitsForAnswer(answer.failure)) return answer;
  const { question, expiresAt } = waits;
  return { ...answer, status: "needs_person", waits: { run: id, question, expiresAt } };
}

/** What was thrown, as the failure of an answer. */
export function failureFrom(error: unknown): Failure {
  if (error instanceof CodedError) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return { code: "internal", message: `ClamBot itself failed: ${message}` };
}
