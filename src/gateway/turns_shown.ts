import type { Channel, TurnWatch } from "../channels/channel.ts";
import type { Listen } from "../domain/turn_event.ts";
import type { Log } from "../platform/platform.ts";
import { statusKey } from "./_told_parts.ts";
import type { GatewayStore, KeptUpdate } from "./store.ts";
import { toldSoFarOf } from "./told_so_far.ts";

/** What the channels show of turns that are under way. */
export interface TurnsShown {
  /** From now on it is shown, where its channel shows such things. */
  begin(update: KeptUpdate): void;
  /**
   * Does the work of a turn, which is shown to its end. `update`: whom it answers; `undefined` where
   * nobody waits in a channel. `listen`: left out where nobody sees it.
   */
  during<T>(
    update: KeptUpdate | undefined,
    work: (listen: Listen | undefined) => Promise<T>,
  ): Promise<T>;
}

/** Shows nothing yet. */
export function createTurnsShown({ channels, store, log }: {
  readonly channels: readonly Channel[];
  readonly store: GatewayStore;
  readonly log: Log;
}): TurnsShown {
  const shown = new Map<string, TurnWatch>();
  const begin = ({ turn, channel: name, conversation, message }: KeptUpdate) => {
    if (shown.has(turn)) return;
    const status = { key: statusKey(turn), channel: name, conversation };
    const under = { turn, conversation, ...(message === undefined ? {} : { message }) };
    const channel = channels.find((one) => one.name === name);
    try {
      const watch = channel?.watch?.(under, () => toldSoFarOf(status, store));
      if (watch) shown.set(turn, watch);
    } catch {
      log.warn("turn_not_shown", { turn }); // it is answered all the same
    }
  };
  return {
    begin,
    async during(update, work) {
      if (!update) return await work(undefined);
      begin(update);
      const watch = shown.get(update.turn);
      try {
        return await work(watch && ((event) => watch.hear(event)));
      } finally {
        watch?.end();
        shown.delete(update.turn);
      }
    },
  };
}
