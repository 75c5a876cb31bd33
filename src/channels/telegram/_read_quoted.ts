import type { QuotedText } from "../channel.ts";
import type { Fields } from "./_fields.ts";

/** What a message says in the sender's own words, and what in those of others. */
export interface OwnAndQuoted {
  readonly own: string;
  readonly quoted: readonly QuotedText[];
}

/** Tells words of others from the sender's: what was forwarded, and what is answered. */
export function readQuoted(message: Fields, text: string): OwnAndQuoted {
  const origin = message.fields("forward_origin");
  if (!origin) return { own: text, quoted: answeredIn(message) };
  const from = nameOfOrigin(origin);
  const forwarded = { how: "forwarded", text, ...(from ? { from } : {}) } as const;
  return { own: "", quoted: text === "" ? [] : [forwarded] };
}

function answeredIn(message: Fields): readonly QuotedText[] {
  const answered = message.fields("reply_to_message");
  const part = message.fields("quote")?.text("text");
  const text = part ?? answered?.text("text") ?? answered?.text("caption") ?? "";
  if (text === "") return [];
  const from = answered?.fields("from")?.text("first_name");
  return [{ how: "quoted", text, ...(from ? { from } : {}) }];
}

function nameOfOrigin(origin: Fields): string | undefined {
  return origin.text("sender_user_name") ??
    origin.fields("sender_user")?.text("first_name") ??
    origin.fields("sender_chat")?.text("title") ??
    origin.fields("chat")?.text("title");
}
