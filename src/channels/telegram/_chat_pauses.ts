import type { Clock } from "../../platform/platform.ts";
import { TelegramError } from "./_telegram_error.ts";
import type { BotApi } from "./api.ts";

/** How long chats are to be left alone, as Telegram said. */
export interface ChatPauses {
  /** The same door; what it hears of pauses is noted, and during one nothing is asked of that chat. */
  guard(api: BotApi): BotApi;
  /** Milliseconds that a chat is still left alone. */
  leftFor(chat: number): number;
  /** Milliseconds of the longest pause that is left. */
  longest(): number;
}

/** Begins with no pause. */
export function createChatPauses(clock: Pick<Clock, "now">): ChatPauses {
  const until = new Map<number, number>();
  const leftFor = (chat: number) => Math.max(0, (until.get(chat) ?? 0) - clock.now());
  async function within<T>(chat: unknown, work: () => Promise<T>): Promise<T> {
    if (typeof chat !== "number") return await work();
    const left = leftFor(chat);
    if (left > 0) throw pause(left);
    until.delete(chat);
    try {
      return await work();
    } catch (error) {
      const ms = pauseOf(error);
      if (ms !== undefined) until.set(chat, clock.now() + ms);
      throw error;
    }
  }
  return {
    leftFor,
    longest: () => [...until.keys()].reduce((most, chat) => Math.max(most, leftFor(chat)), 0),
    guard: (api) => ({
      download: (...given) => api.download(...given),
      call: (method, payload, ...rest) =>
        within(
          (payload as { readonly chat_id?: unknown }).chat_id,
          () => api.call(method, payload, ...rest),
        ),
    }),
  };
}

function pauseOf(error: unknown): number | undefined {
  if (!(error instanceof TelegramError) || error.trouble !== "too_many") return undefined;
  return error.problem.kind === "later" ? error.problem.afterMs : undefined;
}

function pause(afterMs: number): TelegramError {
  return new TelegramError("too_many", { kind: "later", afterMs }, {
    message: `Telegram wants a pause of ${Math.ceil(afterMs / 1000)} s.`,
  });
}
