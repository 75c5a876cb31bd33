import type { Channel } from "../channels/channel.ts";
import type { Config } from "../config/schema.ts";
import { openJobEvents } from "../cron/events.ts";
import type { Job } from "../cron/job.ts";
import { allCalls } from "../domain/tool_call.ts";
import { allowFromOf, listAdmitted } from "../gateway/allow_from.ts";
import { createCronChannel } from "../gateway/cron_channel.ts";
import { createJobEnds } from "../gateway/job_ends.ts";
import { createOwnerChannel, OWNER_PLACE, type TellingPlace } from "../gateway/notices.ts";
import { openPeople } from "../gateway/people.ts";
import type { GatewayStore } from "../gateway/store.ts";
import { createTicker, type Timely } from "../gateway/ticker.ts";
import type { Heartbeat } from "../heartbeat/heartbeat.ts";
import type { Files, Log } from "../platform/platform.ts";
import { readStopMark } from "../runs/stop_mark.ts";
import { openHeartbeatAtWork } from "./_heartbeat.ts";
import { findRun } from "./_find_run.ts";
import type { HomeJobs } from "./home_jobs.ts";
import type { Stores } from "./stores.ts";

/** What jobs are started and ended with in a gateway. */
export interface JobsAtWorkMeans {
  readonly stores: Stores;
  readonly home: HomeJobs;
  readonly store: GatewayStore;
  /** Where people are reached. */
  readonly channels: readonly Channel[];
  readonly log: Log;
  readonly logs: Files;
  /** The directory of `HEARTBEAT.md`; without it there is no heartbeat. */
  readonly memory?: Files;
  readonly config: Pick<Config, "agents" | "channels" | "cron" | "heartbeat">;
  /** Conversations in which a turn is under way. */
  underWay(): readonly string[];
}

/** The channels by which the house speaks by itself. */
export interface JobsAtWork {
  /** The first one looks for what is due as long as it listens. */
  readonly channels: readonly Channel[];
  readonly heartbeat?: Heartbeat;
}

/** Opens the channels for jobs, for standing tasks, and for what waits for the owner. */
export function openJobsAtWork(means: JobsAtWorkMeans): JobsAtWork {
  const { stores, home, store, log, logs, config } = means;
  const { clock, redactor } = stores;
  const events = openJobEvents(logs, clock);
  const placeOf = createPlaces(means);
  const ends = createJobEnds({
    ...{ store, jobs: home.store, clock, redactor, events, placeOf },
    hadEffect: (turn) => hadEffect(turn, stores),
    ended: home.ended.ring,
  });
  const { memory } = means;
  const beat = memory && config.heartbeat.enabled
    ? openHeartbeatAtWork({
      ...{ stores, store, jobs: home.store, events, memory, config },
      ownerPlace: () => placeOf({ delivery: { deliver: true }, conversation: "" }),
      underWay: means.underWay,
    }, () => cron.ticker.wake())
    : undefined;
  const timelyOf = (jobs: Timely) => [
    ...(config.cron.enabled ? [jobs] : []),
    ...(beat ? [beat.heartbeat] : []),
  ];
  const cron = createCronChannel({
    ...{ jobs: home.store, ends, clock, events, atOnce: config.cron.atOnce },
    isStopped: async () => await readStopMark(stores.state) !== undefined,
  }, (jobs) => createTicker({ timely: timelyOf(jobs), clock, log }));
  home.bell.onRing(() => cron.ticker.wake());
  const owner = createOwnerChannel(home.notices, () => clock.now());
  return beat
    ? { channels: [cron.channel, beat.channel, owner], heartbeat: beat.heartbeat }
    : { channels: [cron.channel, owner] };
}

/** Channels that reach people by themselves. */
const REACHING = (channel: Channel) => !channel.isInward && channel.name !== "loopback";

/** Finds where a job is told: as it says, where it was made, or wherever an owner is reached. */
function createPlaces(
  { stores, channels, config }: Pick<JobsAtWorkMeans, "stores" | "channels" | "config">,
): (job: Pick<Job, "conversation" | "delivery">) => Promise<TellingPlace> {
  const people = openPeople({ ...stores, files: stores.state });
  const reaching = channels.filter(REACHING).map(({ name }) => name);
  const ownerOn = async (channel: string): Promise<TellingPlace | undefined> => {
    const admitted = listAdmitted(channel, await people.list(), allowFromOf(channel, config));
    const owner = admitted.find(({ role }) => role === "owner");
    return owner && { channel, conversation: `${channel}:${owner.id}` };
  };
  const current = async ({ channel, conversation }: TellingPlace): Promise<TellingPlace> => {
    const chat = conversation.slice(channel.length + 1);
    return { channel, conversation: `${channel}:${await people.currentChat(channel, chat)}` };
  };
  return async ({ delivery: { channel, target }, conversation }) => {
    if (channel !== undefined && reaching.includes(channel)) {
      if (target !== undefined) {
        return await current({ channel, conversation: `${channel}:${target}` });
      }
      return await ownerOn(channel) ?? OWNER_PLACE;
    }
    const made = placeOfConversation(conversation);
    if (made && reaching.includes(made.channel)) return await current(made);
    for (const name of reaching) {
      const place = await ownerOn(name);
      if (place) return place;
    }
    return OWNER_PLACE;
  };
}

/** Where a conversation is kept by its channel: a group's bears its channel's own name there. */
function placeOfConversation(conversation: string): TellingPlace | undefined {
  const [channel = "", kind, ...name] = conversation.split(":");
  if (channel === "" || kind === undefined) return undefined;
  const chat = kind === "group" ? name.join(":") : [kind, ...name].join(":");
  return { channel, conversation: `${channel}:${chat}` };
}

/** Whether a turn did, or began, something that must not be done twice. */
async function hadEffect(turn: string, stores: Stores): Promise<boolean> {
  const known = await findRun(turn, stores);
  if (!known) return false; // it came to no program
  if (!known.record) return true;
  return known.record.attempts.some(({ told, begun }) =>
    begun.size > 0 ||
    allCalls(told.map(({ record }) => record)).some(({ deed }) => deed && deed.effect !== "read")
  );
}
