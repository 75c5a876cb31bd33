import type { Random } from "../platform/platform.ts";
import type { Sessions } from "../sessions/sessions.ts";

const PREFIX = "cli:";

/** The conversation that a command goes on with, or a new one. */
export async function chooseConversation(
  options: { readonly resume?: true | undefined; readonly session?: string | undefined },
  stores: { readonly sessions: Sessions; readonly random: Random },
): Promise<string> {
  const { resume, session } = options;
  if (session !== undefined) return session.includes(":") ? session : `${PREFIX}${session}`;
  const last = resume ? await stores.sessions.lastConversation(PREFIX) : undefined;
  return last ?? newConversation(stores.random);
}

/** The name of a conversation that did not exist before. */
export function newConversation(random: Random): string {
  return `${PREFIX}${random.id()}`;
}
