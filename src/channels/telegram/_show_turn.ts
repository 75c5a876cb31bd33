import type { Clock, Log } from "../../platform/platform.ts";
import type { ToldSoFar, TurnUnderWay, TurnWatch } from "../channel.ts";
import { chatOf } from "./_chat.ts";
import { editMessage } from "./_edit.ts";
import { answering, sendPart } from "./_send.ts";
import { TelegramError } from "./_telegram_error.ts";
import { createTurnText, type TurnText } from "./_turn_text.ts";
import type { Typing } from "./_typing.ts";
import type { BotApi } from "./api.ts";
import type { MessageText } from "./text/render.ts";

/** What showing turns needs. */
export interface ShowPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly typing: Typing;
  readonly isReplying: boolean;
  api(): Promise<BotApi>;
  render(source: string): Promise<readonly MessageText[]>;
  /** Does it while nothing else is written in that chat. */
  alone(chat: number, work: () => Promise<void>): Promise<void>;
  /** Ends what is being shown: nothing is heard any more. */
  readonly closing: AbortSignal;
}

/** Milliseconds between two looks at what there is to show: a chat stands one edit in that time. */
const LOOK_MS = 1_500;
/** A group stands twenty in a minute, of all that is written there. */
const GROUP_LOOK_MS = 6_000;
/** Milliseconds after which an edit is given up: the answer waits for it. */
const EDIT_MS = 10_000;
/** Letters of an answer that are shown while it grows: more than one message is told at its end. */
const SHOWN_LETTERS = 6_000;

/**
 * Shows a turn in its chat: typing from the beginning, and, when it takes longer than a moment, one
 * message that says what it is busy with and then how its answer grows. That message is noted, so that
 * the answer, or the next process, can take its place.
 */
export function showTurn(
  turn: TurnUnderWay,
  soFar: () => ToldSoFar,
  ports: ShowPorts,
): TurnWatch {
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, ports.closing]);
  const text = createTurnText();
  const shown: Shown = { turn, soFar, text, chat: chatOf(turn.conversation) };
  void ports.typing.show(shown.chat, signal).catch(() => {});
  void keepShown(shown, ports, signal).catch((error) => {
    if (signal.aborted) return;
    const { trouble = "internal" } = error as { readonly trouble?: string };
    ports.log.warn("turn_not_shown", { turn: turn.turn, trouble });
  });
  return { hear: (event) => text.hear(event), end: () => ending.abort() };
}

interface Shown {
  readonly turn: TurnUnderWay;
  readonly soFar: () => ToldSoFar;
  readonly text: TurnText;
  readonly chat: number;
}

async function keepShown(shown: Shown, ports: ShowPorts, signal: AbortSignal): Promise<void> {
  const { clock } = ports;
  const began = clock.now();
  let last = "";
  for (;;) {
    await clock.sleep(shown.chat < 0 ? GROUP_LOOK_MS : LOOK_MS, signal);
    const text = await textOf(shown.text, clock.now() - began, ports);
    const now = JSON.stringify(text);
    if (now === last) continue;
    await ports.alone(shown.chat, async () => {
      // the answer comes first, whatever waits to be shown
      if (!signal.aborted && await put(text, shown, ports)) last = now;
    });
  }
}

async function textOf(text: TurnText, ms: number, { render }: ShowPorts): Promise<MessageText> {
  const answer = text.answer.slice(0, SHOWN_LETTERS).trim();
  const [first] = answer === "" ? [] : await render(answer);
  const status = text.status(ms);
  return first ?? { plain: status, text: status };
}

/** @returns whether it stands there; what goes wrong for now is tried again with what is new then */
async function put(text: MessageText, shown: Shown, ports: ShowPorts): Promise<boolean> {
  const { turn, chat } = shown;
  const soFar = shown.soFar();
  const api = await ports.api();
  const id = soFar.parts.at(-1);
  try {
    if (id !== undefined) {
      const place = { chat_id: chat, message_id: Number(id) };
      if (await editMessage(place, text, api, ports.closing, { ms: EDIT_MS })) return true;
      throw new TelegramError("refused", { kind: "refused" }, { message: "It was taken away." });
    }
    const answers = turn.message;
    const reply = answering({ ...turn, ...(answers === undefined ? {} : { answers }) }, ports);
    const part = { text, chat_id: chat, reply, keyboard: {}, soFar, answers, ms: EDIT_MS };
    soFar.told(await sendPart(part, api, ports.closing));
    return true;
  } catch (error) {
    if (error instanceof TelegramError && error.problem.kind !== "refused") return false;
    throw error;
  }
}
