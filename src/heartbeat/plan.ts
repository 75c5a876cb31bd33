import type { NamedTask } from "./heartbeat_file.ts";
import type { BeatState, KnownTask } from "./state.ts";
import { isOneShot, type Task, type TaskTime } from "./tasks.ts";

/** A time of a task that stands in brackets behind it. */
export type WrittenTime = Extract<TaskTime, { readonly text: string }>;

/** When a written time comes next after an instant; `undefined`: never again. `every` counts from there. */
export type DueAfter = (time: WrittenTime, after: number) => number | "unreadable" | undefined;

/** When a task is due: an instant, or with every tick; `undefined`: no more. */
export type DueTime = number | "tick" | "unreadable" | undefined;

/** When a task is due. */
export function dueTime(
  { when }: Pick<Task, "when">,
  { seen, ran, waits }: KnownTask,
  dueAfter: DueAfter,
): DueTime {
  // it goes on when its question is answered
  if (waits !== undefined) return undefined;
  switch (when.kind) {
    case "always":
      return "tick";
    case "once":
      return ran === undefined ? "tick" : undefined;
    case "at":
      return ran === undefined ? dueAfter(when, 0) : undefined;
    case "every":
      return ran === undefined ? "tick" : dueAfter(when, ran);
    case "cron":
      return dueAfter(when, ran ?? seen);
  }
}

/** Tasks, and what follows from their times. */
export interface DuePlan {
  /** Ids of those that are due, the one that waits longest first. */
  readonly due: readonly string[];
  /** When one with a time of its own is due; `Infinity`: none is. */
  readonly timedAt: number;
  /** Those whose time nobody can read. */
  readonly unreadable: readonly NamedTask[];
}

/** What is due now. `isTick`: what is done at every tick is, too. */
export function planOf(
  tasks: readonly NamedTask[],
  known: BeatState["tasks"],
  { now, isTick, dueAfter }: {
    readonly now: number;
    readonly isTick: boolean;
    readonly dueAfter: DueAfter;
  },
): DuePlan {
  const times = tasks.map((task) => ({
    task,
    at: dueTime(task, known[task.id] ?? { seen: now }, dueAfter),
    ran: known[task.id]?.ran ?? 0,
  }));
  const isDue = (at: DueTime) => at === "tick" ? isTick : typeof at === "number" && at <= now;
  return {
    due: times.filter(({ at }) => isDue(at)).sort((a, b) => a.ran - b.ran).map(({ task }) =>
      task.id
    ),
    timedAt: Math.min(Infinity, ...times.flatMap(({ at }) => typeof at === "number" ? [at] : [])),
    unreadable: times.filter(({ at }) => at === "unreadable").map(({ task }) => task),
  };
}

/** What is known of the tasks that are in the file, and of those that wait for a person. */
export function knownNow(
  tasks: readonly NamedTask[],
  { tasks: before }: Pick<BeatState, "tasks">,
  now: number,
): BeatState["tasks"] {
  const waiting = Object.entries(before).filter(([, { waits }]) => waits !== undefined);
  const named = tasks.map(({ id }) => [id, before[id] ?? { seen: now }] as const);
  return Object.fromEntries([...waiting, ...named]);
}

/** The first tick after now: ticks that passed while nobody looked are one. */
export function nextTick(next: number, now: number, intervalMs: number): number {
  return next > now ? next : next + (Math.floor((now - next) / intervalMs) + 1) * intervalMs;
}

/** Failures in a row after which a task that is done once is given up. */
const MOST_FAILURES_ONCE = 3;

/** What is known of a task once it was done. */
export function afterDone(known: KnownTask, due: number, report: string | null): KnownTask {
  const { failures: _, waits: __, ...kept } = known;
  return { ...kept, ran: due, ...(report === null ? {} : { told: report }) };
}

/** What is known of a task once it has failed; one that is done once is tried again. */
export function afterFailure(task: Pick<Task, "when">, known: KnownTask, due: number): KnownTask {
  const { waits: _, ...kept } = known;
  const failures = (known.failures ?? 0) + 1;
  const isOver = !isOneShot(task) || failures >= MOST_FAILURES_ONCE;
  return { ...kept, failures, ...(isOver ? { ran: due } : {}) };
}
