import type { Channel, IncomingUpdate, Sink } from "../channels/channel.ts";
import type { Config } from "../config/schema.ts";
import type { JobEvents } from "../cron/events.ts";
import type { JobStore } from "../cron/job_store.ts";
import type { JobRun } from "../cron/ledger.ts";
import { nextRun } from "../cron/next.ts";
import { readSchedule } from "../cron/schedule.ts";
import { CodedError } from "../domain/failure.ts";
import type { TellingPlace } from "../gateway/notices.ts";
import type { GatewayStore } from "../gateway/store.ts";
import { createHeartbeat, type Heartbeat, HEARTBEAT_CHANNEL } from "../heartbeat/heartbeat.ts";
import { openHeartbeatFile } from "../heartbeat/heartbeat_file.ts";
import type { DueAfter } from "../heartbeat/plan.ts";
import type { BeatNotes, Hindrance, TaskRun } from "../heartbeat/ports.ts";
import { loadBeatState, saveBeatState } from "../heartbeat/state.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { readStopMark } from "../runs/stop_mark.ts";
import { parseQuietHours } from "../text/quiet_hours.ts";
import { summarizeUsage } from "../usage/summary.ts";
import type { Stores } from "./stores.ts";

/** What the heartbeat is put together from. */
export interface HeartbeatMeans {
  readonly stores: Stores;
  readonly store: Pick<GatewayStore, "tell">;
  readonly jobs: Pick<JobStore, "keep">;
  readonly events: JobEvents;
  /** The directory of `HEARTBEAT.md`. */
  readonly memory: Files;
  readonly config: Pick<Config, "agents" | "heartbeat">;
  /** Where the owner is reached. */
  ownerPlace(): Promise<TellingPlace>;
  /** Conversations in which a turn is under way. */
  underWay(): readonly string[];
}

/** The heartbeat, and the channel on which it says its tasks to the assistant. */
export interface HeartbeatAtWork {
  readonly heartbeat: Heartbeat;
  readonly channel: Channel;
}

/** Builds it. `wake`: has the ticker look at once. */
export function openHeartbeatAtWork(means: HeartbeatMeans, wake: () => void): HeartbeatAtWork {
  const { stores, store, config, memory } = means;
  const { clock, state, redactor } = stores;
  const { interval, quietHours, timezone, callsPerTick } = config.heartbeat;
  const sink = Promise.withResolvers<Sink>();
  const heartbeat = createHeartbeat({
    file: openHeartbeatFile(memory),
    clock,
    notes: notesOf(means),
    settings: {
      intervalMs: interval * 1000,
      quiet: quietHours === undefined ? undefined : parseQuietHours(quietHours),
      zone: timezone ?? clock.zone(),
      callsPerTick,
    },
    dueAfter: dueAfterIn(clock),
    load: () => loadBeatState(state),
    save: (saved) => saveBeatState(state, saved),
    findHindrance: () => findHindrance(means),
    post: async (update: IncomingUpdate) => await (await sink.promise).accept([update]),
    async tell({ text, ...message }) {
      const { channel, conversation } = await means.ownerPlace();
      const told = { ...message, conversation, text: redactor.redact(text) };
      store.tell([{ channel, message: told }], clock.now());
    },
  });
  const channel: Channel = {
    name: HEARTBEAT_CHANNEL,
    isInward: true,
    async listen(taken, signal) {
      sink.resolve(taken);
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    },
    async send(message) {
      await heartbeat.take(message);
      wake();
    },
  };
  return { heartbeat, channel };
}

/** In code, before any model is asked. */
async function findHindrance(
  { stores, config, ownerPlace, underWay }: HeartbeatMeans,
): Promise<Hindrance | undefined> {
  const { state, ledger, clock } = stores;
  if (await readStopMark(state)) return { kind: "skip", reason: "Everything was told to stop." };
  const { perOrigin } = config.agents.budgets;
  const most = perOrigin[HEARTBEAT_CHANNEL]?.calls ?? config.heartbeat.callsPerDay;
  const { byOrigin } = await summarizeUsage(ledger, 1, clock.now());
  const used = byOrigin.find(({ name }) => name === HEARTBEAT_CHANNEL)?.calls ?? 0;
  if (used >= most) {
    return { kind: "skip", reason: `The ${most} requests to models of this day are used up.` };
  }
  const { conversation } = await ownerPlace();
  const isOwners = (one: string) => one === conversation || one.startsWith("loopback:");
  return underWay().some(isOwners) ? { kind: "busy" } : undefined;
}

function dueAfterIn(clock: Clock): DueAfter {
  return ({ kind, text }, after) => {
    try {
      const now = kind === "at" ? 0 : after; // one that has passed is due all the same
      return nextRun(readSchedule({ [kind]: text }, { now, zone: clock.zone() }), after);
    } catch (error) {
      if (error instanceof CodedError) return "unreadable";
      throw error;
    }
  };
}

/** The ledger of jobs has a row for each tick, the log of jobs a line for each task. */
function notesOf({ jobs, events, stores: { clock } }: HeartbeatMeans): BeatNotes {
  const known = { job: HEARTBEAT_CHANNEL, tries: 1, resumed: false };
  const runOf = ({ id, ...task }: TaskRun, state: JobRun["state"]): JobRun => ({
    ...known,
    ...task,
    job: `${HEARTBEAT_CHANNEL}:${id}`,
    state,
  });
  return {
    tickEnded: ({ due, state, reason }) => {
      const endedAt = clock.now();
      const why = reason === undefined ? {} : { reason };
      jobs.keep({ ...known, name: HEARTBEAT_CHANNEL, due, state, endedAt, ...why });
      return Promise.resolve();
    },
    taskStarted: (run) => events.note("cron_executor_started", runOf(run, "running")),
    taskEnded: (run, error) =>
      error === undefined
        ? events.note("cron_orchestrator_completed", runOf(run, "done"))
        : events.note("cron_executor_error", runOf(run, "failed"), error),
  };
}
