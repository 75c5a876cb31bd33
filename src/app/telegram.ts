import type { Channel } from "../channels/channel.ts";
import { createTelegramChannel, openBotApi, TELEGRAM_API } from "../channels/catalog.ts";
import type { Config } from "../config/schema.ts";
import { CodedError } from "../domain/failure.ts";
import { CHAT_COMMANDS } from "../gateway/chat_commands.ts";
import { createChannelFetch } from "../platform/channel_fetch.ts";
import { createClock } from "../platform/deno.ts";
import type { Fetch, Log } from "../platform/platform.ts";
import { revealReference } from "../secrets/reference.ts";
import type { Stores } from "./stores.ts";

/** How Telegram is reached. */
export interface TelegramRoad {
  readonly apiRoot: string;
  readonly fetch: Fetch;
}

/** The road to Telegram, as the configuration says. @throws {CodedError} `config_invalid` */
export function telegramRoad({ channels: { telegram } }: Pick<Config, "channels">): TelegramRoad {
  const apiRoot = (telegram.apiRoot || TELEGRAM_API).replace(/\/+$/, "");
  try {
    return { apiRoot, fetch: createChannelFetch(telegram.proxy || undefined) };
  } catch {
    throw new CodedError("config_invalid", "channels.telegram.proxy cannot be used as a proxy.");
  }
}

/**
 * Asks Telegram whose token it is.
 * @throws {CodedError} `telegram_token`, `telegram_unreachable`, …; nothing of it shows the token
 */
export async function askWhoBotIs(
  token: string,
  config: Pick<Config, "channels">,
  signal: AbortSignal,
): Promise<{ readonly username: string }> {
  const api = await openBotApi({ ...telegramRoad(config), token, clock: createClock() });
  const { username } = await api.call("getMe", {}, signal);
  return { username };
}

/**
 * The channel of Telegram; `undefined` while it is not enabled.
 * @throws {CodedError} `config_invalid` without a token
 */
export function openTelegram(
  config: Pick<Config, "channels">,
  { clock, random, vault, redactor }: Pick<Stores, "clock" | "random" | "vault" | "redactor">,
  log: Log,
): Channel | undefined {
  const { enabled, token, replyToMessage, format } = config.channels.telegram;
  if (!enabled) return undefined;
  if (token === "") {
    const why = "channels.telegram is enabled, and there is no token of a bot.";
    throw new CodedError("config_invalid", why, "Get one with clambot channels connect telegram.");
  }
  return createTelegramChannel({
    ...telegramRoad(config),
    ...{ clock, random, redactor, log, format },
    token: () => revealReference(token, vault),
    isReplying: replyToMessage,
    commands: Object.entries(CHAT_COMMANDS)
      .map(([command, { does: description }]) => ({ command, description })),
  });
}
