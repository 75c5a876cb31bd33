import { CodedError } from "../domain/failure.ts";
import { isReference, revealReference } from "../secrets/reference.ts";
import { escapeLine } from "../text/escape.ts";
import type { CliContext } from "./context.ts";
import { findStanding } from "./standing.ts";

/** What is wrong with Telegram, and what could be better. */
export interface TelegramDoubts {
  readonly wrong: readonly string[];
  readonly advice: readonly string[];
}

/** Milliseconds that Telegram has for its answer. */
const ANSWER_MS = 10_000;

/** Asks Telegram whose the token is, and the gateway how it gets on. The token is in no sentence. */
export async function examineTelegram(context: CliContext): Promise<TelegramDoubts> {
  const { enabled, token } = context.config.channels.telegram;
  if (!enabled) return { wrong: [], advice: [] };
  if (token === "") {
    const why =
      "It is enabled, and there is no token of a bot; see clambot channels connect telegram.";
    return { wrong: [why], advice: [] };
  }
  const advice = isReference(token) ? [] : [
    "channels.telegram.token stands in config.json in clear; clambot channels connect telegram " +
    "puts it into the vault.",
  ];
  const [bot, troubles] = [await askForBot(context), await troublesOf(context)];
  return {
    wrong: [...bot.wrong, ...troubles],
    advice: [...bot.advice, ...advice],
  };
}

async function askForBot({ config, vault }: CliContext): Promise<TelegramDoubts> {
  const { askWhoBotIs } = await import("../app/telegram.ts");
  const { token } = config.channels.telegram;
  const signal = AbortSignal.timeout(ANSWER_MS);
  try {
    if (isReference(token) && await vault.wantsPassphrase()) {
      return { wrong: [], advice: ["The vault is locked, so its token was not tried."] };
    }
    const { username } = await askWhoBotIs(await revealReference(token, vault), config, signal);
    return { wrong: [], advice: [`The bot is @${escapeLine(username)}.`] };
  } catch (error) {
    if (signal.aborted) return { wrong: ["Telegram did not answer in time."], advice: [] };
    if (!(error instanceof CodedError)) throw error;
    const { message, hint = "" } = error.failure;
    return { wrong: [`${message} ${hint}`.trim()], advice: [] };
  }
}

/** What the gateway that runs has to say, such as that another program receives for the same bot. */
async function troublesOf(context: CliContext): Promise<readonly string[]> {
  const found = await findStanding(context);
  if (found.kind !== "running") return [];
  return found.standing.servers.flatMap(({ channel, trouble }) =>
    channel === "telegram" && trouble !== undefined ? [`The gateway says: ${trouble}.`] : []
  );
}
