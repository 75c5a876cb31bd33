import type { Channel, Sink } from "../channels/channel.ts";
import type { Clock, Log } from "../platform/platform.ts";
import { codeOf } from "./code_of.ts";

/** Hears a channel until the end. One that breaks down is begun again; the others go on. */
export async function listenAlways(
  channel: Channel,
  sink: Sink,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      await channel.listen(sink, signal);
    } catch (error) {
      if (signal.aborted) return;
      log.warn("channel_failed", { channel: channel.name, ...codeOf(error) });
    }
    await clock.sleep(Math.min(60_000, 1_000 * 2 ** tries), signal).catch(() => {});
  }
}
