import type { Decision } from "../domain/tool_call.ts";
import type { AnswerStatus } from "../domain/turn.ts";
import type { TurnEvent } from "../domain/turn_event.ts";

/** What happened in all turns since the start, in numbers. */
export interface Counts {
  readonly turns: Readonly<Partial<Record<AnswerStatus, number>>>;
  readonly modelCalls: number;
  readonly toolCalls: Readonly<Partial<Record<Decision, number>>>;
}

/** Counts what turns tell. */
export interface Counters {
  hear(event: TurnEvent): void;
  read(): Counts;
}

/** Begins at nothing. */
export function createCounters(): Counters {
  const turns: Partial<Record<AnswerStatus, number>> = {};
  const toolCalls: Partial<Record<Decision, number>> = {};
  let modelCalls = 0;
  return {
    hear(event) {
      switch (event.kind) {
        case "turn_ended":
          turns[event.status] = (turns[event.status] ?? 0) + 1;
          modelCalls += event.modelCalls;
          break;
        case "call_ended":
          toolCalls[event.decision] = (toolCalls[event.decision] ?? 0) + 1;
      }
    },
    read: () => ({ turns: { ...turns }, modelCalls, toolCalls: { ...toolCalls } }),
  };
}
