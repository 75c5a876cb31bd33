import type { IncomingUpdate } from "../channel.ts";
import { addressedText, type BotIdentity, isForBot } from "./_addressed.ts";
import { type Fields, fieldsOf, UnreadableField } from "./_fields.ts";
import { hasOtherMatter, readAttachments } from "./_read_attachments.ts";
import { readQuoted } from "./_read_quoted.ts";

/** What an update of Telegram is for us. */
export type ReadUpdate =
  | { readonly kind: "said"; readonly update: IncomingUpdate }
  /** Nothing that is for us; `why` where somebody may wonder. */
  | { readonly kind: "passed_over"; readonly why?: string };

/** The name of this channel, and of its conversations' first part. */
export const TELEGRAM = "telegram";

/** Senders behind whom anybody may stand: the anonymous admin of a group, and a linked channel. */
const NOBODY_IDS: readonly number[] = [1_087_968_824, 777_000, 136_817_688];

/**
 * Reads one update, whose number is known. What is not as the Bot API promises becomes an update that says
 * so, so that those behind it are heard.
 */
export function readUpdate(
  value: unknown,
  { id, bot, now }: { readonly id: number; readonly bot: BotIdentity; readonly now: number },
): ReadUpdate {
  try {
    const fields = fieldsOf(value, "update");
    const press = fields.fields("callback_query");
    if (press) return readPress(press, id, now);
    const message = fields.fields("message");
    return message ? readMessage(message, id, bot) : { kind: "passed_over" };
  } catch (error) {
    if (!(error instanceof UnreadableField)) throw error;
    const said = { ...NOTHING_KNOWN, update: `${id}`, unreadable: error.message };
    return { kind: "said", update: said };
  }
}

const NOTHING_KNOWN = {
  channel: TELEGRAM,
  conversation: `${TELEGRAM}:unreadable`,
  place: "group",
  person: { id: "unknown" },
  text: "",
  at: 0,
} as const;

function readMessage(message: Fields, id: number, bot: BotIdentity): ReadUpdate {
  const chat = message.need("chat");
  const chatId = chat.needWhole("id");
  const known = {
    channel: TELEGRAM,
    update: `${id}`,
    conversation: `${TELEGRAM}:${chatId}`,
    place: placeOf(chat),
    at: message.needWhole("date") * 1000,
    message: `${message.needWhole("message_id")}`,
  };
  const movedTo = message.whole("migrate_to_chat_id");
  if (movedTo !== undefined) {
    const moved = { ...known, person: { id: `${chatId}` }, text: "" };
    return { kind: "said", update: { ...moved, movedTo: `${TELEGRAM}:${movedTo}` } };
  }
  if (chat.text("type") === "channel") return { kind: "passed_over" };
  const sender = message.fields("from");
  if (!sender || !isPerson(sender) || message.fields("sender_chat")) {
    return { kind: "passed_over", why: "sender_is_no_person" };
  }
  if (known.place === "group" && !isForBot(message, bot)) return { kind: "passed_over" };
  const content = contentOf(message, bot);
  const isEmpty = content.text === "" && !content.quoted && !content.attachments;
  // somebody came, left or pinned something: nobody said anything
  if (isEmpty && !hasOtherMatter(message)) return { kind: "passed_over" };
  return { kind: "said", update: { ...known, person: personOf(sender), ...content } };
}

type Content = Pick<
  IncomingUpdate,
  "text" | "replyTo" | "quoted" | "attachments" | "joinKey"
>;

function contentOf(message: Fields, bot: BotIdentity): Content {
  const reply = message.fields("reply_to_message");
  const isToBot = reply?.fields("from")?.whole("id") === bot.id;
  const { own, quoted } = readQuoted(message, addressedText(message, bot));
  const attachments = readAttachments(message);
  const album = message.text("media_group_id");
  return {
    text: own,
    ...(reply && isToBot ? { replyTo: `${reply.needWhole("message_id")}` } : {}),
    ...(quoted.length > 0 ? { quoted } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
    ...(album === undefined ? {} : { joinKey: `album:${album}` }),
  };
}

/** A press counts only for the message that it stands below. */
function readPress(press: Fields, id: number, now: number): ReadUpdate {
  const sender = press.need("from");
  const message = press.fields("message");
  const choice = press.text("data");
  if (!message || choice === undefined || !isPerson(sender)) {
    return { kind: "passed_over", why: "press_without_message_or_person" };
  }
  const chat = message.need("chat");
  const update: IncomingUpdate = {
    channel: TELEGRAM,
    update: `${id}`,
    conversation: `${TELEGRAM}:${chat.needWhole("id")}`,
    place: placeOf(chat),
    person: personOf(sender),
    text: "",
    at: now, // a press has no time of its own; what it answers has
    message: `${message.needWhole("message_id")}`,
    press: { id: press.text("id") ?? "", choice },
  };
  return { kind: "said", update };
}

function placeOf(chat: Fields): "private" | "group" {
  return chat.text("type") === "private" ? "private" : "group";
}

function isPerson(sender: Fields): boolean {
  return !NOBODY_IDS.includes(sender.needWhole("id"));
}

/** A bot that writes is a person like others: unknown. */
function personOf(sender: Fields): IncomingUpdate["person"] {
  const name = sender.text("username") ??
    [sender.text("first_name"), sender.text("last_name")].filter(Boolean).join(" ");
  return { id: `${sender.needWhole("id")}`, ...(name ? { name } : {}) };
}
