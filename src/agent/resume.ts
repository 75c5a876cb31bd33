import type { Clam, Draft } from "../domain/clam.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { LastAttempt } from "../runs/run.ts";
import type { AgentPorts } from "./ports.ts";
import { failureOfAbort } from "./time_limit.ts";
import { accounted, failureFrom } from "./turn.ts";
import {
  type Chosen,
  type ChosenProgram,
  failed,
  type TurnMemo,
  writeAndRun,
} from "./write_and_run.ts";

/**
 * Goes on with a turn whose program another process began: the program goes its way again, its calls
 * are answered from the record, and what follows it is done as in any turn.
 */
export async function resumeTurn(
  { program, memo, attempt }: LastAttempt,
  turn: Turn,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<Answer> {
  const { manifest, fixes, first } = memo as unknown as TurnMemo;
  const { source: script, inputs, id } = program;
  const known = { script, manifest } as Clam | Draft;
  const kept = first !== undefined && id === first.id ? first.id : undefined;
  const candidate: ChosenProgram = { program: known, inputs, id: kept };
  const chosen: Chosen = first
    ? {
      kind: "reuse",
      clam: { id: first.id, manifest: first.manifest, script },
      inputs,
      ...(first.chosen ? { chosen: first.chosen } : {}),
    }
    : { kind: "generate", knowledge: await ports.knowledge(turn.message.text), candidates: [] };
  return await accounted(turn, ports, async (log) => {
    try {
      return await writeAndRun(chosen, turn, log, ports, signal, { candidate, fixes, attempt });
    } catch (error) {
      return failed(signal.aborted ? failureOfAbort(signal) : failureFrom(error));
    }
  });
}
