import { whoseConversation } from "../domain/conversation.ts";
import type { Job } from "./job.ts";

/** The conversation in which a job speaks: its own, with the rights of the one that it was made in. */
export function conversationOfJob({ id, conversation }: Pick<Job, "id" | "conversation">): string {
  return whoseConversation(conversation).kind === "group" ? `cron:group:${id}` : `cron:${id}`;
}
