import type { Fields } from "./_fields.ts";

/** Who the bot is, as `getMe` says. */
export interface BotIdentity {
  readonly id: number;
  /** Without the `@`. */
  readonly username: string;
}

/** Commands that an owner in a hurry must not have to address. */
const IN_A_HURRY = /^\s*\/(?:stop|cancel)(?![\w@])/i;

/** Whether a message of a group is for the bot: it names it, or answers it. */
export function isForBot(message: Fields, bot: BotIdentity): boolean {
  const { text, entities } = wordsOf(message);
  if (isForAnother(text, bot)) return false;
  if (message.fields("reply_to_message")?.fields("from")?.whole("id") === bot.id) return true;
  return IN_A_HURRY.test(text) || entities.some((entity) => names(entity, text, bot));
}

/** The words of a message, without those that only call the bot. */
export function addressedText(message: Fields, bot: BotIdentity): string {
  const { text, entities } = wordsOf(message);
  const without = entities
    .filter((entity) => entity.kind === "mention" && names(entity, text, bot))
    .toSorted((a, b) => b.offset - a.offset)
    .reduce(
      (rest, { offset, length }) => rest.slice(0, offset) + rest.slice(offset + length),
      text,
    );
  return withoutOwnName(without, bot).trim();
}

interface Marked {
  readonly kind: string;
  readonly offset: number;
  readonly length: number;
  readonly user: number | undefined;
}

function wordsOf(message: Fields): { readonly text: string; readonly entities: readonly Marked[] } {
  const text = message.text("text");
  const entities = message.list(text === undefined ? "caption_entities" : "entities");
  return {
    text: text ?? message.text("caption") ?? "",
    entities: entities.map((entity) => ({
      kind: entity.text("type") ?? "",
      offset: entity.needWhole("offset"),
      length: entity.needWhole("length"),
      user: entity.fields("user")?.whole("id"),
    })),
  };
}

function names({ kind, offset, length, user }: Marked, text: string, bot: BotIdentity): boolean {
  const word = text.slice(offset, offset + length).toLowerCase();
  const name = `@${bot.username.toLowerCase()}`;
  if (kind === "text_mention") return user === bot.id;
  return kind === "mention" ? word === name : kind === "bot_command" && word.endsWith(name);
}

/** `/status@this_bot` is `/status`. */
function withoutOwnName(text: string, { username }: BotIdentity): string {
  const [command = "", word = "", name = ""] = /^\s*(\/\w+)@(\w+)/.exec(text) ?? [];
  return name.toLowerCase() === username.toLowerCase() ? word + text.slice(command.length) : text;
}

/** Whether it is a command for another bot. */
function isForAnother(text: string, { username }: BotIdentity): boolean {
  const [, name] = /^\s*\/\w+@(\w+)/.exec(text) ?? [];
  return name !== undefined && name.toLowerCase() !== username.toLowerCase();
}
