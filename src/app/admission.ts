import type { Config } from "../config/schema.ts";
import { groupConversation } from "../domain/conversation.ts";
import type { Origin } from "../domain/message.ts";
import { allowFromOf, describeAllowFrom, listAdmitted, standingOf } from "../gateway/allow_from.ts";
import { answerCommand } from "../gateway/answer_command.ts";
import { type ChatCommand, readChatCommand } from "../gateway/chat_commands.ts";
import { createDoor } from "../gateway/door.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { Admission, ChatMoves, MessageToOthers } from "../gateway/gateway_ports.ts";
import { openPeople, type People } from "../gateway/people.ts";
import { PEOPLED_CHANNELS, type PersonId } from "../gateway/person.ts";
import { sessionOf } from "../gateway/session_of.ts";
import type { KeptUpdate } from "../gateway/store.ts";
import type { App } from "./app.ts";
import { openChatPorts } from "./chat_ports.ts";
import type { Setting } from "./stores.ts";

/** Who may speak, what is a command, and in which conversation the rest is kept. */
export interface Admissions {
  /**
   * Decides about an update before any model and before the queue. `isAgain`: a process that ended may
   * have done what it commands.
   */
  admit(update: KeptUpdate, isAgain: boolean, gateway: Gateway): Promise<Admission>;
  /** Chats that go on under other names. */
  readonly moves: ChatMoves;
  /** The conversation in which what somebody says is kept. */
  sessionOf(update: KeptUpdate): Promise<string>;
  /** What the start has to say about who is let in; often nothing. */
  warnings(): Promise<readonly string[]>;
}

/** What of the house's setting decides who is let in, and serves commands. */
export interface AdmissionSetting extends Pick<Setting, "jobs" | "layout"> {
  readonly config: Pick<Config, "channels">;
}

/** Opens it over the people of the home. */
export function openAdmissions(
  app: App,
  setting: AdmissionSetting,
  originOf: (channel: string) => Origin,
): Admissions {
  const { stores } = app;
  const people = openPeople({ ...stores, files: stores.state });
  const door = createDoor({ pairing: people, clock: stores.clock });
  const standing = async (person: PersonId) =>
    standingOf(person, await people.list(), allowFromOf(person.channel, setting.config));
  return {
    async admit(update, isAgain, gateway) {
      const { text, place, conversation, movedTo } = update;
      if (movedTo !== undefined) {
        await follow(conversation, movedTo, people, stores);
        return { kind: "done" };
      }
      const person = personOf(update);
      const from = { person, standing: await standing(person), place, conversation };
      const read = readChatCommand(text);
      if (read.kind === "elsewhere") return { kind: "done" };
      if (read.kind === "command") {
        const heard = from.standing === "owner" && read.command.name === "yes"
          ? gateway.confirmHeard(update)
          : undefined;
        if (heard) return { kind: "turn", as: heard };
        const ports = openChatPorts({ app, setting, people, gateway, originOf });
        if (isAgain && isUndoOfLast(read.command)) return { kind: "done", text: UNDONE_OR_NOT };
        const told = await answerCommand(read.command, from, ports);
        if (told !== undefined) return { kind: "done", text: told };
      }
      if (from.standing === "unknown") {
        return await refuse(person, setting.config, door, people);
      }
      if (read.kind === "malformed") return { kind: "done", text: read.usage };
      const isEmpty = text.trim() === "" && !update.attachments && !update.quoted;
      if (isEmpty) return { kind: "done", text: NOTHING_SAID };
      return { kind: "turn" };
    },
    async sessionOf(update) {
      const { channel, conversation } = update;
      const first = await people.firstChat(channel, chatIn(conversation));
      const kept = { ...update, conversation: `${channel}:${first}` };
      return sessionOf(kept, await standing(personOf(update)));
    },
    moves: {
      async whereNow(conversation) {
        const [channel = ""] = conversation.split(":");
        return `${channel}:${await people.currentChat(channel, chatIn(conversation))}`;
      },
      move: (from, to) => people.moveChat(from.split(":")[0] ?? "", chatIn(from), chatIn(to)),
    },
    async warnings() {
      const all = await people.list();
      return PEOPLED_CHANNELS.flatMap((channel) =>
        describeAllowFrom(channel, all, allowFromOf(channel, setting.config))
      );
    },
  };
}

/** The name of a chat within its channel. */
function chatIn(conversation: string): string {
  return conversation.slice(conversation.indexOf(":") + 1);
}

/** A group goes on under another id: ours, where anything was said in it, so that strangers fill nothing. */
async function follow(
  from: string,
  to: string,
  people: People,
  { sessions }: App["stores"],
): Promise<void> {
  const [channel = ""] = from.split(":");
  const first = `${channel}:${await people.firstChat(channel, chatIn(from))}`;
  const said = await sessions.read(groupConversation(channel, first));
  if (said.length > 0) await people.moveChat(channel, chatIn(from), chatIn(to));
}

/** The one command that does something else when it is done twice. */
function isUndoOfLast(command: ChatCommand): boolean {
  return command.name === "undo" && command.change === undefined;
}

const NOTHING_SAID = "I read words, files, pictures and voice notes: say what you want done.";

const UNDONE_OR_NOT = "I was ended before I could tell whether this was done, so I did not do it " +
  "again. Look at your files, and say /undo once more if it was not.";

function personOf({ channel, person }: KeptUpdate): PersonId {
  return { channel, ...person };
}

/** Somebody unknown is answered seldom, and the owners hear of it where they are alone with it. */
async function refuse(
  person: PersonId,
  config: Pick<Config, "channels">,
  door: ReturnType<typeof createDoor>,
  people: People,
): Promise<Admission> {
  const { channel } = person;
  const allowed = allowFromOf(channel, config);
  const { reply, toOwners } = await door.knock(person, allowed);
  const others: readonly MessageToOthers[] = toOwners === undefined
    ? []
    : listAdmitted(channel, await people.list(), allowed)
      .filter(({ role }) => role === "owner")
      .map(({ id }) => ({ channel, conversation: `${channel}:${id}`, text: toOwners }));
  return { kind: "done", ...(reply === undefined ? {} : { text: reply }), others };
}
