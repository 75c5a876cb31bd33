import { CodedError } from "../../../domain/failure.ts";
import type { PendingCode } from "../../../gateway/pairing.ts";
import type { People } from "../../../gateway/people.ts";
import { escapeLine } from "../../../text/escape.ts";
import type { CliContext } from "../../context.ts";
import { forget, moveIntoVault } from "../../config_secrets.ts";
import { cancellable, leftOpen } from "../../options.ts";
import { formatJson } from "../../stores.ts";
import { unlock } from "../../unlock.ts";

/** Where the token stands in the configuration, and how its value is named in the vault. */
const TOKEN_KEY = "channels.telegram.token";
const ENABLED_KEY = "channels.telegram.enabled";

const STEPS = `To connect a bot of Telegram:
  1. In Telegram, write /newbot to @BotFather and answer its two questions.
  2. It shows a token, such as 123456:ABC-DEF1234. Paste it here.
`;

/** What connecting needs. */
export interface Connecting {
  readonly context: CliContext;
  readonly people: People;
  readonly isJson: boolean;
}

/** Tries a token, keeps it in the vault, and shows the code that makes whoever sends it an owner. */
export async function connectTelegram({ context, people, isJson }: Connecting): Promise<void> {
  const { terminal, config } = context;
  const { askWhoBotIs } = await import("../../../app/telegram.ts");
  await cancellable(context, async (signal) => {
    await unlock(context);
    const token = await readToken(context);
    const bot = await askWhoBotIs(token, config, signal);
    await moveIntoVault(
      [{ key: TOKEN_KEY, value: token }],
      [{ key: ENABLED_KEY, value: true }],
      context,
    );
    const code = await people.inviteOwner("telegram");
    terminal.out(isJson ? asJson(bot.username, code) : told(bot.username, code));
  });
}

/** Forgets the token; those who were admitted stay so, for another bot. */
export async function disconnectTelegram({ context, isJson }: Connecting): Promise<void> {
  const { terminal, launcher, vault, config } = context;
  const { enabled, token } = config.channels.telegram;
  await unlock(context);
  const isThere = enabled || token !== "";
  if (isThere) {
    await launcher.changeConfig([
      { key: TOKEN_KEY, value: undefined },
      { key: ENABLED_KEY, value: false },
    ]);
  }
  await forget(TOKEN_KEY, vault);
  const sentence = isThere
    ? "Telegram is disconnected and the token forgotten; a gateway that runs has to be started again.\n"
    : "Telegram was not connected.\n";
  terminal.out(isJson ? formatJson({ channel: "telegram", disconnected: isThere }) : sentence);
}

/** Hidden at a terminal, else from standard input; never on the command line, which others see. */
async function readToken({ terminal, launcher }: CliContext): Promise<string> {
  if (terminal.interactive) terminal.err(STEPS);
  const token = terminal.interactive ? await askToken() : (await launcher.readInput()).trim();
  if (/^\d{3,20}:[\w-]{20,100}$/.test(token)) return token;
  throw new CodedError(
    "usage",
    token === ""
      ? "No token was given."
      : "This is no token of a bot: it looks like 123456:ABC-DEF1234….",
    "Copy it from the message of @BotFather; it can also be piped in.",
  );
}

async function askToken(): Promise<string> {
  const { askHidden } = await import("../../../channels/catalog.ts");
  const token = await askHidden("Token of the bot");
  if (token === undefined) throw leftOpen();
  return token.trim();
}

function linkOf(bot: string, { code }: PendingCode): string {
  return `https://t.me/${encodeURIComponent(bot)}?start=${code}`;
}

function told(bot: string, code: PendingCode): string {
  return `The bot is @${escapeLine(bot)}; its token lies in the vault.
Open ${linkOf(bot, code)} within ten minutes and press Start,
or send it: /start ${code.code}
Whoever does that is an owner. Now run clambot gateway.
`;
}

function asJson(bot: string, code: PendingCode): string {
  const { expiresAt } = code;
  return formatJson({
    ...{ channel: "telegram", bot, code: code.code, link: linkOf(bot, code) },
    expiresAt: new Date(expiresAt).toISOString(),
  });
}
