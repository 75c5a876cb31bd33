import type { Channel, IncomingUpdate, Sink } from "../channels/channel.ts";
import { createDueJobs, CRON_CHANNEL, type DueJobPorts, type DueJobs } from "./due_jobs.ts";
import type { Ticker, Timely } from "./ticker.ts";

/** What jobs are started and ended with, but for the way into the house. */
export type CronChannelPorts = Omit<DueJobPorts, "post">;

/** The channel on which jobs speak, and what looks for them. */
export interface CronChannel {
  readonly channel: Channel;
  readonly jobs: Timely;
}

/** Builds it. Jobs are looked for as long as it listens, by the ticker that is given. */
export function createCronChannel(
  ports: CronChannelPorts,
  tickerOver: (jobs: Timely) => Ticker,
): { readonly channel: Channel; readonly ticker: Ticker; readonly jobs: DueJobs } {
  const sink = Promise.withResolvers<Sink>();
  const post = async (update: IncomingUpdate) => await (await sink.promise).accept([update]);
  const jobs = createDueJobs({ ...ports, post });
  const ticker = tickerOver(jobs);
  const channel: Channel = {
    name: CRON_CHANNEL,
    isInward: true,
    async listen(taken, signal) {
      sink.resolve(taken);
      await jobs.takeUp();
      await ticker.run(signal);
    },
    async send(message) {
      await ports.ends.take(message);
      ticker.wake(); // a place got free, or a try was planned
    },
  };
  return { channel, ticker, jobs };
}
