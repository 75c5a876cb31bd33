/** The number of a chat, from the name of its conversation. */
export function chatOf(conversation: string): number {
  return Number(conversation.slice(conversation.indexOf(":") + 1));
}
