import type { Clock, Files } from "../platform/platform.ts";
import { fileOf } from "./_names.ts";

/** Which conversations somebody has open, in whatever process. */
export interface Presence {
  /** Says that a conversation is open, until what this returns is called. */
  enter(conversation: string): () => Promise<void>;
  isOpen(conversation: string): Promise<boolean>;
}

/** Milliseconds between two signs of life. */
const BEAT_MS = 300_000;
/** Milliseconds after which nobody is taken to be there. */
const GONE_MS = 900_000;

/** Opens it in a directory of its own. A process that was killed is forgotten after some minutes. */
export function openPresence(files: Files, clock: Clock): Presence {
  async function beat(name: string, leaving: AbortSignal): Promise<void> {
    while (!leaving.aborted) {
      // without a sign of life a conversation may only be told in two parts
      await files.replace(name, "").catch(() => {});
      await clock.sleep(BEAT_MS, leaving).catch(() => {});
    }
    await files.remove(name).catch(() => {});
  }

  return {
    enter(conversation) {
      const leaving = new AbortController();
      const beating = beat(fileOf(conversation), leaving.signal);
      return () => {
        leaving.abort();
        return beating;
      };
    },
    async isOpen(conversation) {
      const sign = await files.stat(fileOf(conversation));
      return sign !== undefined && sign.modified > clock.now() - GONE_MS;
    },
  };
}
