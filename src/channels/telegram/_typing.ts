import type { Clock } from "../../platform/platform.ts";
import type { BotApi } from "./api.ts";

/** Milliseconds between two signs of typing in a chat; each stands for five seconds. */
const TYPING_MS = 4_000;
/** Milliseconds after which one is given up. */
const SIGN_MS = 3_000;

/** Shows in chats that somebody types. */
export interface Typing {
  /** Until `signal` is aborted; what goes wrong with it is no matter. */
  show(chat: number, signal: AbortSignal): Promise<void>;
}

/** Types nowhere yet. */
export function createTyping(
  { clock, api }: { readonly clock: Clock; api(): Promise<BotApi> },
): Typing {
  const last = new Map<number, number>();
  return {
    async show(chat, signal) {
      while (!signal.aborted) {
        const left = (last.get(chat) ?? -Infinity) + TYPING_MS - clock.now();
        if (left > 0) await clock.sleep(left, signal).catch(() => {});
        if (signal.aborted) return;
        last.set(chat, clock.now());
        const payload = { chat_id: chat, action: "typing" } as const;
        await (await api()).call("sendChatAction", payload, signal, SIGN_MS).catch(() => {});
      }
    },
  };
}
