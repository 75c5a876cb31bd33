import type { Choice, OutgoingMessage, ToldSoFar } from "../channel.ts";
import { chatOf } from "./_chat.ts";
import { editMessage, isAboutStyle, payloadOf, plainly } from "./_edit.ts";
import { TelegramError } from "./_telegram_error.ts";
import type { BotApi, BotPayload } from "./api.ts";
import type { MessageText } from "./text/render.ts";

/** What telling needs. */
export interface SendPorts {
  readonly api: BotApi;
  /** Answers stand as replies in private chats too. */
  readonly isReplying: boolean;
  /** The messages that a text takes. */
  render(message: Pick<OutgoingMessage, "text" | "form">): readonly MessageText[];
}

/** Characters of a button that people can read on a telephone. */
const LONGEST_LABEL = 64;
/** Numbers behind the last known one at which a message is looked for that may have been sent. */
const LOOKED_AT = 12;
/** Supergroups and channels have smaller numbers; see "dialog IDs" of the Bot API. */
const LAST_SUPERGROUP = -1_000_000_000_000;

/**
 * Tells a message in parts; what was told of it is not told again. Buttons stand below the last. The
 * message that showed its turn becomes the first part, unless it is news; else it goes.
 */
export async function tellMessage(
  message: OutgoingMessage,
  soFar: ToldSoFar,
  ports: SendPorts,
  signal: AbortSignal,
): Promise<void> {
  if (message.replaces !== undefined) return await replace(message, soFar, ports, signal);
  const texts = ports.render(message);
  const statuses = [...soFar.statuses];
  for (const [at, text] of texts.entries()) {
    if (at < soFar.parts.length) continue;
    const part: Part = {
      text,
      chat_id: chatOf(message.conversation),
      reply: at === 0 ? answering(message, ports) : {},
      keyboard: at === texts.length - 1 ? keyboardOf(message.choices) : {},
      soFar: at === soFar.parts.length ? soFar : { ...soFar, unclear: undefined },
      answers: message.answers,
    };
    const status = at === 0 && !message.isNews ? statuses.at(-1) : undefined;
    const isPut = status !== undefined && await putInto(status, part, ports.api, signal);
    if (status !== undefined) statuses.pop(); // it is this text now, or stands there no more
    soFar.told(isPut ? status : await sendPart(part, ports.api, signal));
  }
  await takeAway(message.conversation, statuses, ports.api, signal);
}

/** One message to be sent. */
export interface Part {
  readonly text: MessageText;
  readonly chat_id: number;
  readonly reply: object;
  readonly keyboard: object;
  readonly soFar: Pick<ToldSoFar, "tells" | "notTold"> & {
    readonly unclear?: ToldSoFar["unclear"] | undefined;
  };
  /** The message that it answers. */
  readonly answers: string | undefined;
  /** Milliseconds after which it is given up. */
  readonly ms?: number;
}

async function putInto(
  status: string,
  { chat_id, text, keyboard }: Part,
  api: BotApi,
  signal: AbortSignal,
): Promise<boolean> {
  return await editMessage({ chat_id, message_id: Number(status) }, text, api, signal, {
    keyboard,
  });
}

/**
 * Sends it, unless it turns out that it was sent. @returns the number of the message
 * @throws {TelegramError} when it was not, or may not have been
 */
export async function sendPart(part: Part, api: BotApi, signal: AbortSignal): Promise<string> {
  const found = await findSent(part, api, signal);
  if (found !== undefined) return found;
  part.soFar.tells();
  try {
    return await post(part, part.text, api, signal);
  } catch (error) {
    if (!(error instanceof TelegramError) || error.trouble === "unclear") throw error;
    part.soFar.notTold();
    if (!isAboutStyle(error, part.text)) throw error;
    part.soFar.tells();
    return await post(part, plainly(part.text), api, signal);
  }
}

async function post(
  { chat_id, reply, keyboard, ms }: Part,
  text: MessageText,
  api: BotApi,
  signal: AbortSignal,
): Promise<string> {
  const payload = { chat_id, ...payloadOf(text), ...reply, ...keyboard };
  const told = await api.call("sendMessage", payload as BotPayload<"sendMessage">, signal, ms);
  return `${told.message_id}`;
}

/**
 * A message that may have been sent: Telegram has no word to ask for it, but to make it say what it
 * says already changes nothing, and tells that it stands there. What is no message of ours, or is
 * known to be another, is left alone. A status that was lost in the same way becomes it.
 */
async function findSent(
  { text, chat_id, keyboard, answers, soFar: { unclear } }: Part,
  api: BotApi,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!unclear) return undefined;
  const known = unclear.after
    .filter(({ conversation }) => isNumberedWith(chat_id, chatOf(conversation)))
    .map(({ part }) => Number(part));
  const after = Math.max(Number(answers ?? 0), ...known);
  for (let id = after + 1; after > 0 && id <= after + LOOKED_AT; id++) {
    if (unclear.isKnown(`${id}`)) continue;
    const place = { chat_id, message_id: id };
    if (await editMessage(place, text, api, signal, { keyboard })) return `${id}`;
  }
  return undefined;
}

/** Telegram counts messages once for each supergroup, and once for everything else of a bot. */
function isNumberedWith(chat: number, other: number): boolean {
  return chat === other || (chat > LAST_SUPERGROUP && other > LAST_SUPERGROUP);
}

/** The last part of what was told becomes this text; buttons go with it. */
async function replace(
  message: OutgoingMessage,
  { replaced }: ToldSoFar,
  { api, render }: SendPorts,
  signal: AbortSignal,
): Promise<void> {
  const last = replaced.at(-1);
  const [text] = render(message);
  if (last === undefined || text === undefined) return; // it was never told
  const place = { chat_id: chatOf(message.conversation), message_id: Number(last) };
  await editMessage(place, text, api, signal);
}

/** Statuses that nothing took the place of; what cannot be taken away stays. */
async function takeAway(
  conversation: string,
  statuses: readonly string[],
  api: BotApi,
  signal: AbortSignal,
): Promise<void> {
  for (const status of statuses) {
    const place = { chat_id: chatOf(conversation), message_id: Number(status) };
    try {
      await api.call("deleteMessage", place, signal);
    } catch (error) {
      if (!(error instanceof TelegramError)) throw error;
    }
  }
}

/** In a group an answer says whose it is. */
export function answering(
  { answers, conversation }: Pick<OutgoingMessage, "answers" | "conversation">,
  { isReplying }: Pick<SendPorts, "isReplying">,
): object {
  if (answers === undefined || !(isReplying || chatOf(conversation) < 0)) return {};
  const reply = { message_id: Number(answers), allow_sending_without_reply: true };
  return { reply_parameters: reply };
}

function keyboardOf(choices: readonly Choice[] = []): object {
  if (choices.length === 0) return {};
  const rows = choices.map(({ id, label }) => [{ text: shortened(label), callback_data: id }]);
  return { reply_markup: { inline_keyboard: rows } };
}

function shortened(label: string): string {
  if (label.length <= LONGEST_LABEL) return label;
  return `${label.slice(0, LONGEST_LABEL - 1).toWellFormed().replace(/\uFFFD$/, "")}…`;
}
