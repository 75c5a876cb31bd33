/** Whose a conversation is. */
export type Whose =
  | { readonly kind: "owner" }
  /** An owner's, where others read along. */
  | { readonly kind: "group" }
  /** Of somebody who may only talk; `guest`: their channel and id. */
  | { readonly kind: "guest"; readonly guest: string };

/** The conversation of a guest: their own, wherever they write. */
export function guestConversation(channel: string, id: string): string {
  return `${channel}:guest:${id}`;
}

/** An owner's conversation in a group that the channel knows by this name. */
export function groupConversation(channel: string, conversation: string): string {
  const [, ...name] = conversation.split(":");
  return `${channel}:group:${name.join(":")}`;
}

/** Whether the house speaks there with itself, as for a job: nothing in it tells of a person. */
export function isOfHouse(conversation: string): boolean {
  return /^(?:cron|heartbeat):/.test(conversation);
}

/** Whose a conversation is, by its name: what it may do must not hang on who takes it up. */
export function whoseConversation(conversation: string): Whose {
  const [channel = "", kind, ...name] = conversation.split(":");
  if (channel === "cli") return { kind: "owner" }; // whoever sits here names it as they like
  if (kind === "guest") return { kind, guest: `${channel}:${name.join(":")}` };
  return { kind: kind === "group" ? "group" : "owner" };
}
