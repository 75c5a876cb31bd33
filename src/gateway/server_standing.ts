import type { Channel } from "../channels/channel.ts";

/** How a channel stands that asks a server. */
export interface ServerStanding {
  readonly channel: string;
  readonly trouble?: string;
  /** Milliseconds since 1970. */
  readonly lastPollAt: number;
}

/** How a channel stands; nothing for one that asks no server. */
export function serverOf(channel: Channel): ServerStanding[] {
  const lastPollAt = channel.heardAt?.();
  const trouble = channel.trouble?.();
  if (lastPollAt === undefined) return [];
  return [{ channel: channel.name, ...(trouble === undefined ? {} : { trouble }), lastPollAt }];
}
