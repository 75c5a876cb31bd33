import type { Channel } from "../channels/channel.ts";
import type { KeptUpdate } from "./store.ts";

/** Whether a message gives a secret, in whatever form. */
export function givesSecret(text: string): boolean {
  return /^\s*\/secret/i.test(text);
}

/** Milliseconds after which a message that was not taken away is the person's to delete. */
const TAKEN_MS = 10_000;

/** What is told of a message, which is taken away where a secret stands in it and that can be done. */
export async function withoutSecret(
  update: KeptUpdate,
  text: string | undefined,
  channel: Channel | undefined,
): Promise<string | undefined> {
  if (text === undefined || !givesSecret(update.text)) return text;
  return `${text} ${await takeAway(update, channel)}`;
}

async function takeAway(
  { conversation, message }: KeptUpdate,
  channel: Channel | undefined,
): Promise<string> {
  const isGone = message !== undefined &&
    await channel?.takeAway?.(conversation, message, AbortSignal.timeout(TAKEN_MS));
  return isGone
    ? "I took your message away."
    : "Delete your message now: what you wrote stands in it.";
}
