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
import type { Files, Log } from "../platform/platform.ts";
import { readStopMark } from "../runs/stop_mark.ts";
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
  readonly config: Pick<Config, "channels" | "cron">;
}

/**
 * The channels by which the house speaks by itself: jobs, and what waits for the owner. The first one
 * looks for what is due as long as it listens.
 */
export function openJobsAtWork(means: JobsAtWorkMeans): readonly Channel[] {
  const { stores, home, store, log, logs, config } = means;
  const { clock, redactor } = stores;
  const events = openJobEvents(logs, clock);
  const placeOf = createPlaces(means);
  const ends = createJobEnds({
    ...{ store, jobs: home.store, clock, redactor, events, placeOf },
    hadEffect: (turn) => hadEffect(turn, stores),
    ended: home.ended.ring,
  });
  const timelyOf = (jobs: Timely) => config.cron.enabled ? [jobs] : [];
  const cron = createCronChannel({
    ...{ jobs: home.store, ends, clock, events, atOnce: config.cron.atOnce },
    isStopped: async () => await readStopMark(stores.state) !== undefined,
  }, (jobs) => createTicker({ timely: timelyOf(jobs), clock, log }));
  home.bell.onRing(() => cron.ticker.wake());
  return [cron.channel, createOwnerChannel(home.notices, () => clock.now())];
}

/** Channels that reach people by themselves. */
const REACHING = (channel: Channel) => !channel.isInward && channel.name !== "loopback";

/** Finds where a job is told: as it says, where it was made, or wherever an owner is reached. */
function createPlaces(
  { stores, channels, config }: Pick<JobsAtWorkMeans, "stores" | "channels" | "config">,
): (job: Job) => Promise<TellingPlace> {
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
