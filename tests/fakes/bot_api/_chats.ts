import type { FakeButton } from "./_keyboard.ts";
import { Refusal } from "./_refusal.ts";
import type { Entity } from "./_text_rules.ts";

/** A message of the bot, as it stands in a chat now. */
export interface FakeMessage {
  readonly message_id: number;
  readonly chat: number;
  readonly text: string;
  readonly entities: readonly Entity[];
  readonly buttons: readonly FakeButton[];
  readonly repliesTo?: number;
  readonly isEdited: boolean;
  /** A file that it carries. */
  readonly file?: { readonly kind: string; readonly name: string; readonly bytes: Uint8Array };
}

/** Everything that stands in the chats. */
export class Chats {
  #next = 1000;
  #bots: FakeMessage[] = [];
  readonly #ofPeople = new Map<number, number>();
  /** Groups that are supergroups now. */
  readonly moved = new Map<number, number>();
  /** People who have blocked the bot. */
  readonly blocked = new Set<number>();
  readonly deleted: { readonly chat: number; readonly message_id: number }[] = [];

  /** Messages of the bot in a chat, in order. */
  of(chat: number): readonly FakeMessage[] {
    return this.#bots.filter((one) => one.chat === chat);
  }

  /** The number of a message of somebody. */
  noteSaid(chat: number): number {
    const id = ++this.#next;
    this.#ofPeople.set(id, chat);
    return id;
  }

  refuseUnreachable(chat: number): void {
    const to = this.moved.get(chat);
    if (to !== undefined) {
      const description = "Bad Request: group chat was upgraded to a supergroup chat";
      throw new Refusal(400, description, { migrate_to_chat_id: to });
    }
    if (this.blocked.has(chat)) throw new Refusal(403, "Forbidden: bot was blocked by the user");
  }

  post(message: Omit<FakeMessage, "message_id" | "isEdited">): FakeMessage {
    this.refuseUnreachable(message.chat);
    const posted = { ...message, message_id: ++this.#next, isEdited: false };
    this.#bots.push(posted);
    return posted;
  }

  edit(
    chat: number,
    id: number,
    changed: Pick<FakeMessage, "text" | "entities" | "buttons">,
  ): FakeMessage {
    this.refuseUnreachable(chat);
    const at = this.#bots.findIndex((one) => one.chat === chat && one.message_id === id);
    const before = this.#bots[at];
    if (!before) throw Refusal.bad("message to edit not found");
    const { text, entities, buttons } = before;
    if (JSON.stringify({ text, entities, buttons }) === JSON.stringify(changed)) {
      throw Refusal.bad(
        "message is not modified: specified new message content and reply markup are exactly the " +
          "same as a current content and reply markup of the message",
      );
    }
    return this.#bots[at] = { ...before, ...changed, isEdited: true };
  }

  remove(chat: number, id: number): void {
    const at = this.#bots.findIndex((one) => one.chat === chat && one.message_id === id);
    // messages of others can be removed in private chats alone
    const isTheirs = this.#ofPeople.get(id) === chat && chat > 0;
    if (at < 0 && !isTheirs) throw Refusal.bad("message to delete not found");
    if (at >= 0) this.#bots.splice(at, 1);
    this.#ofPeople.delete(id);
    this.deleted.push({ chat, message_id: id });
  }

  find(chat: number, id: number): FakeMessage | undefined {
    return this.#bots.find((one) => one.chat === chat && one.message_id === id);
  }
}
