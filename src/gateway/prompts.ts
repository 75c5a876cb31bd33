import type { ButtonPress, Channel } from "../channels/channel.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { Clock, Log, Random } from "../platform/platform.ts";
import type { GatewayStore, KeptMessage, KeptUpdate, ToTell } from "./store.ts";

/** A question as people are told it. */
export interface ToldQuestion {
  readonly text: string;
  /** The same where its choices stand below it as buttons; left out: the text says no more of them. */
  readonly textWithButtons?: string;
  /** What can be answered by a button: its words, and what pressing it says. */
  readonly choices?: readonly PossibleChoice[];
  /** The command that a plain reply to it is. */
  readonly onReply?: string;
}

/** A button, before it has an id. */
interface PossibleChoice {
  readonly label: string;
  /** To press it is to write this. */
  readonly says: string;
}

/** What an update means, once buttons and replies are read. */
export type MeantUpdate =
  | { readonly kind: "said"; readonly update: KeptUpdate; readonly prompt?: KeptMessage }
  /** It is for nothing that was asked of this person here. */
  | { readonly kind: "for_nothing" };

/** Questions that were told with buttons, or that take a reply. */
export interface Prompts {
  /** How a question reads in a channel. */
  textOf(question: ToldQuestion, channel: string): string;
  /** What of a told question goes with its text. */
  dress(question: ToldQuestion): Pick<KeptMessage, "choices" | "onReply">;
  /** Reads a press as what its button says, and a reply as the command that the question wants. */
  read(update: KeptUpdate): MeantUpdate;
  /** Takes the buttons from what needs no answer any more. */
  close(): Promise<void>;
}

/** What they need. */
export interface PromptPorts {
  readonly store: GatewayStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly redactor: Redactor;
  /** Those with buttons can take them back. */
  readonly channels: readonly Channel[];
  /** How a question ended, as its message then reads; `undefined` while it is open. */
  endOf(question: string): Promise<string | undefined>;
}

/** Milliseconds after which a press that was not acknowledged is left alone. */
const PRESS_MS = 10_000;

const COUNTS_NO_MORE = "This button counts no more.";

/** Builds them. */
export function createPrompts(
  { store, clock, random, log, redactor, channels, endOf }: PromptPorts,
): Prompts {
  const withButtons = new Map(
    channels.filter(({ acknowledge }) => acknowledge).map((channel) => [channel.name, channel]),
  );

  function meantByPress(update: KeptUpdate, press: ButtonPress): MeantUpdate {
    const { channel, conversation, message = "", person } = update;
    const prompt = store.findTold(channel, conversation, message);
    const button = prompt?.choices?.find(({ id }) => id === press.choice);
    const isTheirs = prompt?.person === person.id;
    const outcome = !button ? "no_such_button" : isTheirs ? "taken" : "not_theirs";
    log.debug("pressed", { question: prompt?.question ?? "none", outcome });
    // the sign that waits on the button goes, whatever comes of the press
    const words = button ? undefined : COUNTS_NO_MORE;
    void withButtons.get(channel)?.acknowledge?.(press, words, AbortSignal.timeout(PRESS_MS));
    if (!prompt || !button || !isTheirs) return { kind: "for_nothing" };
    return { kind: "said", update: { ...update, text: button.says }, prompt };
  }

  function meantByReply(update: KeptUpdate, answered: string): MeantUpdate {
    const { channel, conversation, place, person, text } = update;
    const prompt = store.findTold(channel, conversation, answered);
    const isMeant = prompt?.onReply !== undefined && prompt.person === person.id &&
      place === "private" && text !== "" && !text.startsWith("/");
    if (!prompt || !isMeant) return { kind: "said", update };
    return { kind: "said", update: { ...update, text: `${prompt.onReply} ${text}` }, prompt };
  }

  return {
    textOf: ({ text, textWithButtons = text }, channel) =>
      withButtons.has(channel) ? textWithButtons : text,
    dress: ({ choices = [], onReply }) => ({
      ...(choices.length === 0 ? {} : {
        choices: choices.map(({ label, says }) => ({
          ...{ id: random.id(), label: redactor.redact(label), says },
        })),
      }),
      ...(onReply === undefined ? {} : { onReply }),
    }),
    read(update) {
      const { press, replyTo } = update;
      if (press) return meantByPress(update, press);
      return replyTo === undefined ? { kind: "said", update } : meantByReply(update, replyTo);
    },
    async close() {
      for (const prompt of store.openPrompts()) {
        if (!withButtons.has(prompt.channel)) continue;
        const end = await endOf(prompt.question ?? "");
        if (end !== undefined) store.tell([closing(prompt, end, redactor)], clock.now());
      }
    },
  };
}

function closing(
  { key, channel, conversation }: KeptMessage,
  end: string,
  { redact }: Redactor,
): ToTell {
  const text = redact(end);
  return { channel, message: { key: `closed:${key}`, conversation, text, replaces: key } };
}
