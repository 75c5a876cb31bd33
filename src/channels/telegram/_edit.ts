import { TelegramError } from "./_telegram_error.ts";
import type { BotApi, BotPayload } from "./api.ts";
import type { MessageText } from "./text/render.ts";

/** Whatever a text names, Telegram must not fetch it. */
export const NO_PREVIEW = { link_preview_options: { is_disabled: true } } as const;

/** A message of the bot. */
export interface MessagePlace {
  readonly chat_id: number;
  readonly message_id: number;
}

type Keyboard = Pick<BotPayload<"sendMessage">, "reply_markup">;

/** What is sent of a text, beside where. */
export function payloadOf({ plain: _, ...shown }: MessageText) {
  return { ...shown as Pick<BotPayload<"sendMessage">, "text">, ...NO_PREVIEW };
}

/** The same without anything that a server could refuse. */
export function plainly({ plain }: MessageText): MessageText {
  return { plain, text: plain };
}

/** Whether Telegram refused how a text looks, so that it can be told without that. */
export function isAboutStyle(error: unknown, text: MessageText): boolean {
  const isStyled = "entities" in text || "parse_mode" in text;
  return isStyled && error instanceof TelegramError && error.trouble === "refused" &&
    /entit|parse|url/i.test(error.description);
}

/**
 * Makes a message say this; it may be repeated. `false`: it does not stand there, or is none of ours.
 * @throws {TelegramError} when it was not done, or may not have been
 */
export async function editMessage(
  place: MessagePlace,
  text: MessageText,
  api: BotApi,
  signal: AbortSignal,
  { keyboard = {}, ms }: { readonly keyboard?: object; readonly ms?: number } = {},
): Promise<boolean> {
  const payload = { ...place, ...payloadOf(text), ...keyboard as Keyboard };
  try {
    await api.call("editMessageText", payload as BotPayload<"editMessageText">, signal, ms);
    return true;
  } catch (error) {
    if (!(error instanceof TelegramError) || error.trouble !== "refused") throw error;
    if (isAboutStyle(error, text)) {
      return await editMessage(place, plainly(text), api, signal, { keyboard });
    }
    // it says so already
    return /not modified/i.test(error.description);
  }
}
