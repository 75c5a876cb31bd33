import type { OutgoingMessage } from "../channels/channel.ts";
import type { NamedTask } from "./heartbeat_file.ts";
import { afterDone, afterFailure } from "./plan.ts";
import type { HeartbeatPorts, TaskRun } from "./ports.ts";
import type { KnownTask } from "./state.ts";
import { isOneShot } from "./tasks.ts";
import { parseVerdict } from "./verdict.ts";

/** A task whose turn came to something. */
export interface EndingTask {
  readonly run: TaskRun;
  /** Absent where the person took it out of the file meanwhile. */
  readonly task: NamedTask | undefined;
  readonly known: KnownTask;
}

/** What came of it. */
export interface TaskEnd {
  readonly known: KnownTask;
  /** Requests to models that it took. */
  readonly calls: number;
  /** Why it failed. */
  readonly failed?: string;
}

type EndPorts = Pick<HeartbeatPorts, "file" | "notes" | "tell">;

/** Ends the turn of a task: what the owner is told, the box in the file, and what is known from now on. */
export async function endTask(
  message: OutgoingMessage,
  ending: EndingTask,
  ports: EndPorts,
): Promise<TaskEnd> {
  if (message.question !== undefined) return await ask(message, ending, ports);
  const isDone = message.status === "completed" || message.status === "chat";
  return isDone
    ? await finish(message.text, ending, ports)
    : await fail(message.text, ending, ports);
}

/** It waits for the owner, and other tasks do not wait for it. */
async function ask(
  { key, text, question, status, choices }: OutgoingMessage,
  { run: { name, turn, due }, known }: EndingTask,
  { tell }: EndPorts,
): Promise<TaskEnd> {
  await tell({
    key: `heartbeat:${key}`,
    text: `The standing task "${name}" needs an answer.\n\n${text}`,
    turn,
    ...(question === undefined ? {} : { question }),
    ...(status === undefined ? {} : { status }),
    ...(choices ? { choices } : {}),
  });
  return { calls: 0, known: { ...known, ran: due, waits: turn } };
}

async function finish(
  text: string,
  { run, task, known }: EndingTask,
  { file, notes, tell }: EndPorts,
): Promise<TaskEnd> {
  const { report, calls } = parseVerdict(text);
  if (report !== null) {
    const told = `${report}\n\n(Standing task: ${run.name})`;
    await tell({ key: `heartbeat:report:${run.turn}`, text: told });
  }
  if (task && isOneShot(task)) await file.tickOff(task);
  await notes.taskEnded(run);
  return { calls, known: afterDone(known, run.due, report) };
}

async function fail(
  reason: string,
  { run, task, known }: EndingTask,
  { file, notes, tell }: EndPorts,
): Promise<TaskEnd> {
  const after = afterFailure(task ?? { when: { kind: "always" } }, known, run.due);
  const { failures = 1 } = after;
  const isGivenUp = task !== undefined && isOneShot(task) && after.ran !== undefined;
  if (isPowerOfTen(failures) || isGivenUp) {
    const key = `heartbeat:failure:${run.turn}`;
    await tell({ key, text: failureText(run.name, reason, failures, isGivenUp) });
  }
  if (isGivenUp) await file.tickOff(task);
  await notes.taskEnded(run, reason);
  return { calls: 0, known: after, failed: reason };
}

function failureText(name: string, reason: string, failures: number, isGivenUp: boolean): string {
  const times = failures === 1 ? "failed" : `failed ${failures} times in a row`;
  const next = isGivenUp
    ? "It is ticked off, and not tried again."
    : `If it goes on, I tell again after ${10 * failures} times.`;
  return `The standing task "${name}" ${times}: ${reason}\n${next}`;
}

/** The first one, the tenth, the hundredth: what fails at every tick must not bury all else. */
function isPowerOfTen(count: number): boolean {
  return /^10*$/.test(String(count));
}
