import type { Choice, OutgoingMessage, ToldSoFar } from "../channel.ts";
import { chatOf } from "./_chat.ts";
import { TelegramError } from "./_telegram_error.ts";
import type { BotApi } from "./api.ts";

/** What telling needs. */
export interface SendPorts {
  readonly api: BotApi;
  /** Answers stand as replies in private chats too. */
  readonly isReplying: boolean;
}

/** Characters of one message at most, in UTF-16 units. */
const LONGEST = 4096;
/** Characters of a button that people can read on a telephone. */
const LONGEST_LABEL = 64;
/** Whatever a text names, Telegram must not fetch it. */
const NO_PREVIEW = { link_preview_options: { is_disabled: true } } as const;

/** Tells a message in parts; what was told of it is not told again. Buttons stand below the last. */
export async function tellMessage(
  message: OutgoingMessage,
  soFar: ToldSoFar,
  ports: SendPorts,
  signal: AbortSignal,
): Promise<void> {
  const chat_id = chatOf(message.conversation);
  if (message.replaces !== undefined) return await replace(message, soFar, ports, signal);
  const parts = partsOf(message.text);
  for (const [at, text] of parts.entries()) {
    if (at < soFar.parts.length) continue;
    const told = await ports.api.call("sendMessage", {
      ...{ chat_id, text, ...NO_PREVIEW },
      ...(at === 0 ? answering(message, ports) : {}),
      ...(at === parts.length - 1 ? keyboardOf(message.choices) : {}),
    }, signal);
    soFar.told(`${told.message_id}`);
  }
}

/** The last part of what was told becomes this text; buttons go with it. */
async function replace(
  { conversation, text }: OutgoingMessage,
  { replaced }: ToldSoFar,
  { api }: SendPorts,
  signal: AbortSignal,
): Promise<void> {
  const last = replaced.at(-1);
  if (last === undefined) return; // it was never told
  const [first = ""] = partsOf(text);
  try {
    const place = { chat_id: chatOf(conversation), message_id: Number(last) };
    await api.call("editMessageText", { ...place, text: first, ...NO_PREVIEW }, signal);
  } catch (error) {
    // it stands there already, or somebody took it away
    if (error instanceof TelegramError && error.trouble === "refused") return;
    throw error;
  }
}

/** In a group an answer says whose it is. */
function answering(
  { answers, conversation }: OutgoingMessage,
  { isReplying }: SendPorts,
) {
  if (answers === undefined || !(isReplying || chatOf(conversation) < 0)) return {};
  const reply = { message_id: Number(answers), allow_sending_without_reply: true };
  return { reply_parameters: reply };
}

function keyboardOf(choices: readonly Choice[] = []) {
  if (choices.length === 0) return {};
  const rows = choices.map(({ id, label }) => [{ text: shortened(label), callback_data: id }]);
  return { reply_markup: { inline_keyboard: rows } };
}

function shortened(label: string): string {
  if (label.length <= LONGEST_LABEL) return label;
  return `${label.slice(0, LONGEST_LABEL - 1).toWellFormed().replace(/\uFFFD$/, "")}…`;
}

/** Parts of a text, cut at a line or a blank where there is one, never inside a character. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  let rest = text.toWellFormed();
  while (rest.length > LONGEST) {
    const end = endOfPart(rest);
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...parts, rest].filter((part) => part.trim() !== "");
}

function endOfPart(text: string): number {
  const room = text.slice(0, LONGEST);
  const at = Math.max(room.lastIndexOf("\n"), room.lastIndexOf(" "));
  if (at > LONGEST / 2) return at + 1;
  const isHalf = /[\uD800-\uDBFF]$/.test(room);
  return isHalf ? LONGEST - 1 : LONGEST;
}
