import type { Chats, FakeMessage } from "./_chats.ts";
import { readKeyboard } from "./_keyboard.ts";
import type { Payload } from "./_payload.ts";
import { Refusal } from "./_refusal.ts";
import { readText } from "./_text_rules.ts";
import type { Updates } from "./_updates.ts";

/** What stands behind the methods. */
export interface FakeWorld {
  readonly bot: { readonly id: number; readonly username: string };
  readonly chats: Chats;
  readonly updates: Updates;
  readonly files: ReadonlyMap<string, FakeFile>;
  /** Presses that can still be answered. */
  readonly presses: Set<string>;
  commands: readonly unknown[];
}

/** A file that somebody sent. */
export interface FakeFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** What the Bot API says that it has; for files that are too large to be made here. */
  readonly size: number;
}

type Method = (payload: Payload, world: FakeWorld, gone: AbortSignal) => unknown;

const MIB = 1_048_576;
const ACTIONS = [
  ...["typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"],
  ...["upload_document", "choose_sticker", "find_location"],
];

/** The methods that there are, each as strict as Telegram. */
export const METHODS: Readonly<Record<string, Method>> = {
  getMe: (_, { bot }) => ({ ...bot, is_bot: true, first_name: "ClamBot", can_join_groups: true }),
  getUpdates: (payload, { updates }, gone) =>
    updates.fetch({
      offset: payload.whole("offset"),
      limit: payload.whole("limit") ?? 100,
      timeout: payload.whole("timeout") ?? 0,
    }, gone),
  sendMessage(payload, { chats }) {
    refusePreview(payload);
    const seen = readText(payload, "text", 4096);
    return shown(chats.post({ ...seen, ...placeOf(payload, chats) }));
  },
  editMessageText(payload, { chats }) {
    refusePreview(payload);
    const seen = readText(payload, "text", 4096);
    const [chat, id] = [payload.needWhole("chat_id"), payload.needWhole("message_id")];
    return shown(chats.edit(chat, id, { ...seen, buttons: readKeyboard(payload) ?? [] }));
  },
  deleteMessage(payload, { chats }) {
    chats.remove(payload.needWhole("chat_id"), payload.needWhole("message_id"));
    return true;
  },
  sendChatAction(payload, { chats }) {
    chats.refuseUnreachable(payload.needWhole("chat_id"));
    if (!ACTIONS.includes(payload.text("action") ?? "")) {
      throw Refusal.bad("wrong parameter action");
    }
    return true;
  },
  answerCallbackQuery(payload, { presses }) {
    if (!presses.delete(payload.text("callback_query_id") ?? "")) {
      throw Refusal.bad("query is too old and response timeout expired or query ID is invalid");
    }
    if ((payload.text("text") ?? "").length > 200) throw Refusal.bad("MESSAGE_TOO_LONG");
    return true;
  },
  setMyCommands(payload, world) {
    const commands = payload.json("commands");
    if (!Array.isArray(commands) || commands.length > 100) throw Refusal.bad("too many commands");
    for (const { command, description } of commands) {
      if (!/^[a-z0-9_]{1,32}$/.test(command)) throw Refusal.bad("BOT_COMMAND_INVALID");
      if (!(description.length >= 1 && description.length <= 256)) {
        throw Refusal.bad("BOT_COMMAND_DESCRIPTION_INVALID");
      }
    }
    world.commands = commands;
    return true;
  },
  getFile(payload, { files }) {
    const id = payload.text("file_id") ?? "";
    const file = files.get(id);
    if (!file) throw Refusal.bad("wrong file_id or the file is temporarily unavailable");
    if (file.size > 20 * MIB) throw Refusal.bad("file is too big");
    return { file_id: id, file_unique_id: `u${id}`, file_size: file.size, file_path: file.path };
  },
  sendDocument: (payload, world) => sendFile("document", 50 * MIB, payload, world),
  sendPhoto: (payload, world) => sendFile("photo", 10 * MIB, payload, world),
};

function sendFile(kind: string, most: number, payload: Payload, { chats }: FakeWorld): unknown {
  const file = payload.file(kind);
  // a name or an address would make Telegram fetch something
  if (!file) throw Refusal.bad(`there is no ${kind} in the request`);
  if (file.size > most) throw new Refusal(413, "Request Entity Too Large");
  const seen = readText(payload, "caption", 1024);
  const posted = chats.post({
    ...seen,
    ...placeOf(payload, chats),
    file: { kind, name: file.name, bytes: new Uint8Array() },
  });
  return shown(posted);
}

function placeOf(payload: Payload, chats: Chats) {
  const chat = payload.needWhole("chat_id");
  const reply = payload.json("reply_parameters") as
    | { readonly message_id: number }
    | undefined;
  chats.refuseUnreachable(chat);
  return {
    chat,
    buttons: readKeyboard(payload) ?? [],
    ...(reply ? { repliesTo: reply.message_id } : {}),
  };
}

/** Previews are off on every way out (A278), so a text without that is refused here. */
function refusePreview(payload: Payload): void {
  const preview = payload.json("link_preview_options") as { readonly is_disabled?: boolean };
  if (preview?.is_disabled !== true) throw Refusal.bad("a test wants link previews off");
}

function shown({ message_id, chat, text, entities }: FakeMessage): unknown {
  const place = { id: chat, type: chat > 0 ? "private" : "supergroup" };
  return { message_id, date: 1, chat: place, text, entities };
}
