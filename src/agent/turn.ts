import { CodedError } from "../domain/failure.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import { createJournal } from "../runs/journal.ts";
import { chat } from "./chat.ts";
import type { AgentPorts } from "./ports.ts";
import { type Course, type Ending, failed, pursue } from "./pursue.ts";
import { select } from "./selector.ts";
import { failureOfAbort } from "./time_limit.ts";

/** Takes one request to one answer. Failures are answers too; only a broken program throws. */
export async function takeTurn(
  turn: Turn,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<Answer> {
  const started = ports.clock.monotonic();
  const course: Course = { journal: createJournal(), calls: [], foreign: false };
  const ending = await answerTurn(turn, course, ports, signal);
  const spent = ports.spentIn(turn.id);
  return {
    ...ending,
    calls: course.calls,
    foreign: ending.foreign || course.foreign,
    turn: turn.id,
    modelCalls: spent.calls,
    usage: spent.usage,
    durationMs: Math.round(ports.clock.monotonic() - started),
  };
}

async function answerTurn(
  turn: Turn,
  course: Course,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<Ending> {
  try {
    const selected = await select(turn, ports, signal);
    if (selected.kind === "chat") {
      return { status: "chat", ...await chat(selected, turn, ports, signal) };
    }
    return await pursue(selected, turn, course, ports, signal);
  } catch (error) {
    if (signal.aborted) return failed(failureOfAbort(signal));
    if (error instanceof CodedError) return failed(error.failure);
    throw error;
  }
}
