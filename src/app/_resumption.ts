import { keepAnswer } from "../agent/converse.ts";
import { resumeTurn } from "../agent/resume.ts";
import { resumeScript } from "../agent/script.ts";
import { takeTurn } from "../agent/turn.ts";
import { CodedError } from "../domain/failure.ts";
import type { InboundMessage } from "../domain/message.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { Run } from "../runs/run.ts";
import { findStop } from "../runs/stop_mark.ts";
import { agentPorts } from "./_agent_ports.ts";
import { followUp } from "./_follow_up.ts";
import type { House } from "./_house.ts";
import { takeScoped } from "./_scoped_turn.ts";
import { openTurnScope, type TurnScope } from "./_turn_scope.ts";
import type { Learning } from "./learning.ts";
import type { Stores } from "./stores.ts";
import type { Surroundings } from "./surroundings.ts";

/** Goes on with a run that nobody is at, and with those that it is a part of; see `ResumeRun`. */
export async function resume(
  part: string,
  surroundings: Surroundings,
  signal: AbortSignal,
  house: House,
  learning: Learning,
): Promise<Answer> {
  const { stores } = house;
  await stores.vault.refresh();
  const root = await stores.runs.rootOf(part);
  await refuseWaiting(root, stores);
  const run = await stores.runs.takeUp(root);
  const { purpose, conversation } = run.record.opening;
  const goOn = async () => {
    const scope = openTurnScope(messageOf(run), surroundings, house, signal, run);
    const work = () => purpose === "turn" ? answerLate(scope, house, learning) : resumeAlone(scope);
    return await takeScoped(scope, [], work);
  };
  try {
    return purpose === "turn"
      ? await stores.sessions.exclusively(conversation, goOn, signal)
      : await goOn();
  } finally {
    await run.close();
  }
}

/** @throws {CodedError} `stopped`: a run that waits would come to its question and end by the stop */
async function refuseWaiting(run: string, { runs, state, clock }: Stores): Promise<void> {
  const stop = await findStop(state, clock);
  if (!stop || (await runs.find(run)).state !== "waiting") return;
  throw new CodedError(stop.code, stop.message, "The run waits on: first clambot resume.");
}

/** A turn of a conversation: its answer is an entry of its own there, once. */
async function answerLate(scope: TurnScope, house: House, learning: Learning): Promise<Answer> {
  const { turn, run, signal, tell } = scope;
  const { stores } = house;
  const agent = agentPorts(scope, house);
  const last = await run.lastAttempt();
  const answered = last
    ? await resumeTurn(last, turn, agent, signal)
    : await takeTurn(turn, agent, signal);
  if (await isAnswered(turn, stores)) return answered;
  const kept = await keepAnswer(turn, answered, { ...stores, tell });
  return await followUp(turn, kept, [], scope, { stores, learning });
}

async function resumeAlone({ turn, run, runtime, signal }: TurnScope): Promise<Answer> {
  const last = await run.lastAttempt();
  if (last) return await resumeScript(last, turn, runtime, signal);
  throw new CodedError("run_damaged", `In the record of the run ${run.id} is no program.`);
}

/** What was said when the run began. */
function messageOf({ record: { opening } }: Run): InboundMessage {
  const { origin, conversation, message } = opening;
  return { origin, conversation, ...message };
}

/** The answer is in the conversation, and only the end of the run is missing. */
async function isAnswered({ id, message }: Turn, { sessions }: Stores): Promise<boolean> {
  return (await sessions.read(message.conversation)).some(({ role, metadata }) =>
    role === "assistant" && metadata.turn === id && metadata.status !== "needs_person"
  );
}
