import { whoseConversation } from "../domain/conversation.ts";
import type { Tool } from "../tools/tool.ts";

/** What a turn may do and know, by the conversation that it belongs to. */
export interface TurnRights {
  /** Programs may be chosen, written and run, and call tools. */
  readonly tools: boolean;
  /** What belongs to the owner is at hand: memory, documents, their name; and new facts are noted. */
  readonly memory: boolean;
  /** The guest on whose budget models are asked. */
  readonly guest?: string;
}

/**
 * The rights of a conversation. They follow from its name alone, so that a turn that is taken up
 * again has no others, whoever takes it up.
 */
export function rightsOf(conversation: string): TurnRights {
  const whose = whoseConversation(conversation);
  switch (whose.kind) {
    case "owner":
      return { tools: true, memory: true };
    case "group":
      return { tools: true, memory: false };
    case "guest":
      return { tools: false, memory: false, guest: whose.guest };
  }
}

/** Tools that tell what is remembered, or change it. */
const OF_MEMORY = /^memory_/;

/** The tools that a turn has. */
export function toolsFor({ tools, memory }: TurnRights, all: readonly Tool[]): readonly Tool[] {
  if (!tools) return [];
  return memory ? all : all.filter(({ name }) => !OF_MEMORY.test(name));
}
