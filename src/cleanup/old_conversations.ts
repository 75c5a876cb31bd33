import type { Sessions } from "../sessions/sessions.ts";
import type { Presence } from "../sessions/presence.ts";
import type { Cleaning } from "./cleanup.ts";

/** What is needed to find conversations beyond their number. */
export interface OldConversationsPorts {
  readonly sessions: Pick<
    Sessions,
    "list" | "read" | "findUnanswered" | "exclusively" | "remove"
  >;
  readonly presence: Pick<Presence, "isOpen">;
  /** The history will tell of it once somebody has summed it up. */
  awaitsSummary(conversation: string, lastAt: number): Promise<boolean>;
}

/**
 * The oldest conversations beyond so many (0: none). One that somebody has open, that a job or an
 * open run belongs to, or of which the history does not tell yet, stays. They go to
 * `sessions/archive`.
 */
export function oldConversations(ports: OldConversationsPorts, most: number): Cleaning {
  const { sessions } = ports;
  return {
    kind: "conversation",
    async find(references) {
      const beyond = most === 0 ? [] : (await sessions.list()).slice(most);
      if (beyond.length === 0) return [];
      const { conversations } = await references();
      const unanswered = await sessions.findUnanswered();
      const needed = new Set([...conversations, ...unanswered.map((one) => one.conversation)]);
      const old = [];
      for (const { conversation, lastAt } of beyond) {
        if (needed.has(conversation) || await ports.presence.isOpen(conversation)) continue;
        if (await ports.awaitsSummary(conversation, lastAt)) continue;
        old.push({ kind: "conversation", name: conversation, lastUsed: lastAt } as const);
      }
      return old;
    },
    putAway: ({ name, lastUsed }) =>
      sessions.exclusively(name, async () => {
        const last = (await sessions.read(name)).at(-1)?.timestamp ?? 0;
        return Math.round(last * 1000) === lastUsed && await sessions.remove(name);
      }),
  };
}
