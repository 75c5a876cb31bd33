import { type IncomingUpdate, type OutgoingMessage, turnOf } from "../channels/channel.ts";
import { endTask } from "./_task_end.ts";
import type { NamedTask } from "./heartbeat_file.ts";
import { type DuePlan, knownNow, nextTick, planOf } from "./plan.ts";
import type { HeartbeatPorts } from "./ports.ts";
import { isQuiet } from "../text/quiet_hours.ts";
import type { BeatState, Tick } from "./state.ts";

/** The channel on which standing tasks are said to the assistant. */
export const HEARTBEAT_CHANNEL = "heartbeat";

/** Does the standing tasks of the person when they are due. */
export interface Heartbeat {
  readonly name: string;
  /** When it wants to be looked at next, in milliseconds since 1970. */
  soonest(): number | undefined;
  /** Begins what is due, if nothing stands against it. */
  look(now: number): Promise<void>;
  /** What the turn of a task came to. The same message may come again. */
  take(message: OutgoingMessage): Promise<void>;
  /** What is known of the task of a turn. */
  about(turn: string): Promise<AboutTask>;
}

/** A task whose turn is under way. */
export interface AboutTask {
  /** What was reported of it last. */
  readonly told?: string;
  /** Requests to models that its tick has left. */
  readonly callsLeft: number;
}

/** Builds it. Ticks keep their phase over restarts; those that passed while nobody looked are one. */
export function createHeartbeat(ports: HeartbeatPorts): Heartbeat {
  const beat = new Beat(ports);
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
  return {
    name: HEARTBEAT_CHANNEL,
    soonest: () => beat.soonest(),
    look: (now) => inTurn(() => beat.look(now)),
    take: (message) => inTurn(() => beat.take(message)),
    about: (turn) => beat.about(turn),
  };
}

/** Milliseconds after which it is tried again while the owner is being answered. */
const HOLD_MS = 15_000;

const BUSY = "You were being answered all the time.";

class Beat {
  readonly #ports: HeartbeatPorts;
  #state: BeatState | undefined;
  /** When a task with a time of its own is due, as far as is known; the file tells. */
  #timedAt = 0;
  #heldUntil = 0;
  /** The turn that was said to the assistant by this process. */
  #posted = "";

  constructor(ports: HeartbeatPorts) {
    this.#ports = ports;
  }

  soonest(): number | undefined {
    const now = this.#ports.clock.now();
    if (!this.#state) return now;
    // what is under way wakes it when it has ended; quiet hours end by the clock on the wall
    if (this.#state.tick || this.#isQuiet(now)) return undefined;
    return Math.max(this.#heldUntil, Math.min(this.#state.next, this.#timedAt));
  }

  async look(now: number): Promise<void> {
    const state = await this.#open(now);
    if (state.tick) return await this.#postAgain(state.tick);
    if (now < Math.max(this.#heldUntil, Math.min(state.next, this.#timedAt))) return;
    if (this.#isQuiet(now)) return;
    const tasks = await this.#ports.file.tasks();
    const known = knownNow(tasks, state, now);
    const plan = this.#plan(tasks, known, now, now >= state.next);
    await this.#tellUnreadable(plan.unreadable);
    const since = Math.min(state.next, plan.timedAt, now);
    const ahead = {
      tasks: known,
      next: nextTick(state.next, now, this.#ports.settings.intervalMs),
    };
    if (plan.due.length === 0) {
      this.#timedAt = plan.timedAt;
      return await this.#save(ahead);
    }
    if (await this.#isHindered(since, now, ahead)) return;
    await this.#goOn({ due: since, calls: 0, left: plan.due }, tasks, ahead);
  }

  async take(message: OutgoingMessage): Promise<void> {
    const state = await this.#open(this.#ports.clock.now());
    const { turn = "" } = message;
    const { tick, ...rest } = state;
    const isAt = tick !== undefined && tick.at.turn === turn;
    const id = isAt ? tick.at.id : findWaiting(turn, state);
    if (id === undefined) return; // it was taken before
    const tasks = await this.#ports.file.tasks();
    const task = tasks.find((one) => one.id === id);
    const known = state.tasks[id] ?? { seen: 0 };
    const due = isAt ? tick.due : known.ran ?? known.seen;
    const run = { id, name: task ? nameOf(task) : id, due, turn };
    const ended = await endTask(message, { run, task, known }, this.#ports);
    const after = { ...rest, tasks: { ...state.tasks, [id]: ended.known } };
    if (!isAt) return await this.#save({ ...after, ...(tick ? { tick } : {}) });
    const failed = ended.failed ?? tick.failed;
    const { due: since, left } = tick;
    const counted = { due: since, left, calls: tick.calls + ended.calls };
    await this.#goOn({ ...counted, ...(failed === undefined ? {} : { failed }) }, tasks, after);
  }

  async about(turn: string): Promise<AboutTask> {
    const { tick, tasks } = await this.#open(this.#ports.clock.now());
    const { callsPerTick } = this.#ports.settings;
    const isAt = tick !== undefined && tick.at.turn === turn;
    const { told } = tasks[isAt ? tick.at.id : ""] ?? {};
    const callsLeft = callsPerTick - (isAt ? tick.calls : 0);
    return { callsLeft, ...(told === undefined ? {} : { told }) };
  }

  /** Whether it waits a little, or is left out this time. */
  async #isHindered(since: number, now: number, ahead: BeatState): Promise<boolean> {
    const hindrance = await this.#ports.findHindrance();
    if (!hindrance) return false;
    if (hindrance.kind === "busy" && now - since < this.#ports.settings.intervalMs) {
      this.#heldUntil = now + HOLD_MS;
      return true;
    }
    const reason = hindrance.kind === "busy" ? BUSY : hindrance.reason;
    await this.#ports.notes.tickEnded({ due: since, state: "skipped", reason });
    this.#heldUntil = ahead.next;
    await this.#save(ahead);
    return true;
  }

  /** Begins the next task that is still in the file, or ends the tick. */
  async #goOn(
    { due, calls, left, failed }: Omit<Tick, "at">,
    tasks: readonly NamedTask[],
    state: BeatState,
  ): Promise<void> {
    const now = this.#ports.clock.now();
    const found = left.flatMap((id) => tasks.find((task) => task.id === id) ?? []);
    const [task, ...others] = found;
    const isOver = calls >= this.#ports.settings.callsPerTick || this.#isQuiet(now);
    const why = failed === undefined ? {} : { failed };
    if (!task || isOver) return await this.#endTick({ due, ...why }, task, tasks, state);
    const update = updateOf(task, due, now);
    const at = { id: task.id, turn: await turnOf(update) };
    const rest = others.map(({ id }) => id);
    await this.#save({ ...state, tick: { due, calls, left: rest, at, ...why } });
    await this.#ports.notes.taskStarted({ ...at, name: nameOf(task), due });
    await this.#post(update, at.turn);
  }

  /** `left`: a task for which there is no room in this tick. */
  async #endTick(
    { due, failed }: Pick<Tick, "due" | "failed">,
    left: NamedTask | undefined,
    tasks: readonly NamedTask[],
    state: BeatState,
  ): Promise<void> {
    const now = this.#ports.clock.now();
    this.#timedAt = this.#plan(tasks, state.tasks, now, false).timedAt;
    if (left) this.#heldUntil = state.next;
    await this.#save(state);
    const ended = failed === undefined ? { state: "done" } : { state: "failed", reason: failed };
    await this.#ports.notes.tickEnded(
      { due, ...ended } as Parameters<
        HeartbeatPorts["notes"]["tickEnded"]
      >[0],
    );
  }

  /** A process that ended, or a full disk, may have kept it from being said. */
  async #postAgain({ at, due }: Tick): Promise<void> {
    if (this.#posted === at.turn) return;
    const tasks = await this.#ports.file.tasks();
    const task = tasks.find(({ id }) => id === at.id);
    if (task) return await this.#post(updateOf(task, due, this.#ports.clock.now()), at.turn);
    const { tick: _, ...rest } = this.#state ?? { next: 0, tasks: {} };
    await this.#save(rest); // the person took it out of the file
  }

  async #post(update: IncomingUpdate, turn: string): Promise<void> {
    await this.#ports.post(update);
    this.#posted = turn;
  }

  /** The state, with a next tick that fits the clock. The first one comes after one interval. */
  async #open(now: number): Promise<BeatState> {
    const state = this.#state ?? await this.#ports.load();
    const latest = now + this.#ports.settings.intervalMs;
    this.#state = state;
    if (state.next === 0 || state.next > latest) await this.#save({ ...state, next: latest });
    return this.#state;
  }

  async #save(state: BeatState): Promise<void> {
    await this.#ports.save(state);
    this.#state = state;
  }

  #plan(
    tasks: readonly NamedTask[],
    known: BeatState["tasks"],
    now: number,
    isTick: boolean,
  ): DuePlan {
    return planOf(tasks, known, { now, isTick, dueAfter: this.#ports.dueAfter });
  }

  async #tellUnreadable(tasks: readonly NamedTask[]): Promise<void> {
    for (const task of tasks) {
      const text = `The standing task "${nameOf(task)}" has a time that I cannot read, so it is ` +
        `never done: (${"text" in task.when ? `${task.when.kind} ${task.when.text}` : ""}).`;
      await this.#ports.tell({ key: `heartbeat:unreadable:${task.id}`, text });
    }
  }

  #isQuiet(now: number): boolean {
    const { quiet, zone } = this.#ports.settings;
    return quiet !== undefined && isQuiet(quiet, now, zone);
  }
}

function findWaiting(turn: string, { tasks }: BeatState): string | undefined {
  return Object.entries(tasks).find(([, { waits }]) => waits !== undefined && waits === turn)?.[0];
}

/** The same task at the same time has the same update, and so the same turn, after every restart. */
function updateOf({ id, text }: NamedTask, due: number, now: number): IncomingUpdate {
  return {
    channel: HEARTBEAT_CHANNEL,
    update: `${id}:${due}`,
    conversation: `${HEARTBEAT_CHANNEL}:${id}`,
    place: "private",
    person: { id },
    text,
    at: now,
  };
}

const LONGEST_NAME = 80;

/** The first line of a task, as long as fits. */
function nameOf({ text }: NamedTask): string {
  const [line = ""] = text.split("\n");
  return line.length <= LONGEST_NAME ? line : `${line.slice(0, LONGEST_NAME - 1).toWellFormed()}…`;
}
