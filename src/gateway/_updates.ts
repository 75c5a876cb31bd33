import { type IncomingUpdate, turnOf } from "../channels/channel.ts";
import type { KeptUpdate } from "./store.ts";

// What is said of an update that comes to no turn, and how updates are told apart.

export const TOO_OLD =
  "This came too late for me to act on it; say it again if it is still wanted.";
export const CANCELLED = "It was ended before it began; nothing was done.";
export const TOO_MANY =
  "Too much of yours waits already; say it again when some of it is answered.";
export const BROKEN = "ClamBot itself failed on this; nothing more is known. See clambot logs.";

/** Who sent it, in one text. */
export function personOf({ channel, person }: IncomingUpdate): string {
  return `${channel} ${person.id}`;
}

/** The update with the turn that answers it. */
export async function keptUpdate(update: IncomingUpdate): Promise<KeptUpdate> {
  return { ...update, turn: await turnOf(update) };
}
