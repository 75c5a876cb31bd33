import type { Redactor } from "../../domain/redacted.ts";
import type { Clock, Fetch, Log, Random } from "../../platform/platform.ts";
import { type MarkdownReader, openMarkdown } from "../../text/markdown.ts";
import type {
  Channel,
  OutgoingMessage,
  Sink,
  ToldSoFar,
  TurnUnderWay,
  TurnWatch,
} from "../channel.ts";
import type { BotIdentity } from "./_addressed.ts";
import { chatOf } from "./_chat.ts";
import { type ChatPauses, createChatPauses } from "./_chat_pauses.ts";
import { fetchFile, LARGEST_FILE } from "./_fetch_file.ts";
import { poll, type PollTrouble } from "./_poll.ts";
import { TELEGRAM } from "./_read_update.ts";
import { tellMessage } from "./_send.ts";
import { showTurn } from "./_show_turn.ts";
import { TelegramError } from "./_telegram_error.ts";
import { createTyping, type Typing } from "./_typing.ts";
import { type BotApi, openBotApi } from "./api.ts";
import {
  type MessageText,
  renderMarkdown,
  renderPlain,
  type TelegramFormat,
} from "./text/render.ts";

/** What the channel needs. */
export interface TelegramPorts {
  /** The bot's token, as it stands in the vault or the configuration just now. */
  token(): Promise<string>;
  readonly apiRoot: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Answers stand as replies in private chats too. */
  readonly isReplying: boolean;
  /** How styles are told to Telegram; what people see is the same. */
  readonly format: TelegramFormat;
  readonly redactor: Pick<Redactor, "redact">;
  /** What the menu beside the field for writing offers. */
  readonly commands: readonly { readonly command: string; readonly description: string }[];
}

/** Milliseconds after which a token that was refused is tried again: there may be another by then. */
const TOKEN_MS = 300_000;
/** UTF-16 units of a message at most (Bot API, Message.text). */
const LONGEST_TEXT = 4096;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Builds the channel; nothing is asked before `listen` or `send`. */
export function createTelegramChannel(ports: TelegramPorts): Channel {
  return new Telegram(ports);
}

class Telegram implements Channel {
  readonly name = TELEGRAM;
  readonly longestText = LONGEST_TEXT;
  readonly largestFile = LARGEST_FILE;
  readonly #ports: TelegramPorts;
  #opened: { readonly token: string; readonly api: BotApi } | undefined;
  #heardAt: number;
  #trouble: PollTrouble | undefined;
  readonly #pauses: ChatPauses;
  readonly #typing: Typing;
  /** What is being written, by chat. */
  readonly #writing = new Map<number, Promise<void>>();
  /** Nothing is shown any more. */
  readonly #closing = new AbortController();
  /** Loaded with the first text that needs it. */
  #reading: Promise<MarkdownReader> | undefined;

  constructor(ports: TelegramPorts) {
    this.#ports = ports;
    this.#pauses = createChatPauses(ports.clock);
    this.#typing = createTyping({ clock: ports.clock, api: () => this.#api() });
    this.#heardAt = ports.clock.now(); // it is not late before it had time to hear
  }

  heardAt(): number {
    return this.#heardAt;
  }

  trouble(): string | undefined {
    if (this.#trouble) return WORDS[this.#trouble];
    const pause = this.#pauses.longest();
    return pause > 0 ? `waiting for Telegram, ${Math.ceil(pause / 1000)} s` : undefined;
  }

  async listen(sink: Sink, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#ports;
    signal.addEventListener("abort", () => this.#closing.abort(), { once: true });
    let failures = 0;
    while (!signal.aborted) {
      try {
        const api = await this.#api();
        const bot = await this.#greet(api, signal);
        failures = 0;
        const note = (trouble: PollTrouble | undefined) => this.#note(trouble);
        await poll({ ...this.#ports, api, bot, note }, sink, signal);
      } catch (error) {
        if (signal.aborted) return;
        const trouble = error instanceof TelegramError ? error.trouble : "no_token";
        if (trouble !== this.#trouble) log.warn("telegram_not_heard", { trouble });
        this.#note(trouble);
        const isToken = trouble === "token_rejected" || trouble === "no_token";
        const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures++);
        await clock.sleep(isToken ? TOKEN_MS : pause, signal).catch(() => {});
      }
    }
  }

  async send(...[message, signal, soFar]: Parameters<Channel["send"]>): Promise<void> {
    const { isReplying } = this.#ports;
    const read = await this.#reader();
    const render = (one: Pick<OutgoingMessage, "text" | "form">) => this.#render(one, read);
    const ports = { api: await this.#api(), isReplying, render };
    // what shows the turn just now would be written over the answer
    await this.#alone(chatOf(message.conversation), () => {
      return tellMessage(message, soFar, ports, signal);
    });
  }

  watch(turn: TurnUnderWay, soFar: () => ToldSoFar): TurnWatch {
    return showTurn(turn, soFar, {
      ...this.#ports,
      typing: this.#typing,
      closing: this.#closing.signal,
      api: () => this.#api(),
      alone: (chat, work) => this.#alone(chat, work),
      render: async (source) => {
        return this.#render({ text: source, form: "markdown" }, await this.#reader());
      },
    });
  }

  async fetchFile(...[file, signal]: Parameters<NonNullable<Channel["fetchFile"]>>) {
    return await fetchFile(file, await this.#api(), signal);
  }

  async acknowledge(...[{ id }, text, signal]: Parameters<NonNullable<Channel["acknowledge"]>>) {
    try {
      const shown = { callback_query_id: id, ...(text === undefined ? {} : { text }) };
      await (await this.#api()).call("answerCallbackQuery", shown, signal);
    } catch {
      // it only takes a sign from the button; that goes by itself, too
    }
  }

  async takeAway(conversation: string, message: string, signal: AbortSignal): Promise<boolean> {
    try {
      const place = { chat_id: chatOf(conversation), message_id: Number(message) };
      return await (await this.#api()).call("deleteMessage", place, signal);
    } catch {
      return false;
    }
  }

  /** One after the other in each chat. */
  async #alone(chat: number, work: () => Promise<void>): Promise<void> {
    const working = (this.#writing.get(chat) ?? Promise.resolve()).then(work);
    const settled = working.catch(() => {});
    this.#writing.set(chat, settled);
    try {
      await working;
    } finally {
      if (this.#writing.get(chat) === settled) this.#writing.delete(chat);
    }
  }

  #reader(): Promise<MarkdownReader> {
    return this.#reading ??= openMarkdown();
  }

  #render(
    { text, form }: { readonly text: string; readonly form?: "markdown" },
    read: MarkdownReader,
  ): readonly MessageText[] {
    if (form !== "markdown") return renderPlain(text);
    const { format, redactor: { redact } } = this.#ports;
    return renderMarkdown(text, read, format, redact);
  }

  #note(trouble: PollTrouble | undefined): void {
    this.#trouble = trouble;
    if (trouble === undefined) this.#heardAt = this.#ports.clock.now();
  }

  /** Who the bot is; and the menu, without which everything else works too. */
  async #greet(api: BotApi, signal: AbortSignal): Promise<BotIdentity> {
    const { id, username } = await api.call("getMe", {}, signal);
    const { commands, log } = this.#ports;
    await api.call("setMyCommands", { commands }, signal)
      .catch(() => log.warn("menu_not_set"));
    return { id, username };
  }

  async #api(): Promise<BotApi> {
    const token = await this.#ports.token();
    if (this.#opened?.token !== token) {
      const api = await openBotApi({ ...this.#ports, token });
      this.#opened = { token, api: this.#pauses.guard(api) };
    }
    return this.#opened.api;
  }
}

const WORDS: Readonly<Record<PollTrouble, string>> = {
  token_rejected: "Telegram does not accept the bot's token",
  no_token: "the bot's token cannot be had",
  other_poller: "another program receives for this bot",
  too_many: "Telegram wants a pause",
  moved: "Telegram refuses to be asked",
  refused: "Telegram refuses to be asked",
  unreachable: "Telegram cannot be reached",
  unclear: "Telegram does not answer",
  not_kept: "what came could not be kept",
};
