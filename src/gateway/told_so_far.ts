import type { ToldSoFar } from "../channels/channel.ts";
import { statusKey, type Told } from "./_told_parts.ts";
import type { GatewayStore, KeptMessage } from "./store.ts";

/** How far a message has been told, as it stands on disk. */
export function toldSoFarOf(
  message: Told & Pick<KeptMessage, "replaces" | "turn">,
  store: GatewayStore,
): ToldSoFar {
  const { key, replaces, turn } = message;
  // a status that nobody knows of becomes the answer
  const status = turn === undefined ? undefined : { ...message, key: statusKey(turn) };
  const isKnown = (part: string) => store.isTold(message, part);
  return {
    parts: store.partsOf(key),
    replaced: replaces === undefined ? [] : store.partsOf(replaces),
    get statuses() {
      return turn === undefined ? [] : store.statusesOf(turn, message);
    },
    get unclear() {
      const unclear = store.unclearPart(message) ?? (status && store.unclearPart(status));
      return unclear && { ...unclear, isKnown };
    },
    tells: () => store.tellsPart(message),
    notTold: () => store.notToldPart(message),
    told(part) {
      store.toldPart(message, part);
      if (status) store.notToldPart(status);
    },
  };
}
