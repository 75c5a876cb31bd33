import type { IncomingUpdate } from "../channels/channel.ts";
import { groupConversation, guestConversation } from "../domain/conversation.ts";
import type { Standing } from "./person.ts";

/**
 * The conversation in which what somebody says is kept: an owner's own, an owner's in a group, or
 * that of one guest, wherever they write.
 */
export function sessionOf(
  { channel, conversation, place, person }: Pick<
    IncomingUpdate,
    "channel" | "conversation" | "place" | "person"
  >,
  standing: Standing,
): string {
  if (standing !== "owner") return guestConversation(channel, person.id);
  return place === "group" ? groupConversation(channel, conversation) : conversation;
}
