import { CodedError } from "../domain/failure.ts";
import type { Random } from "../platform/platform.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { escapeLine } from "../text/escape.ts";

const PREFIX = "cli:";

/**
 * The conversation that a command goes on with, or a new one.
 * @throws {CodedError} `session_not_found`
 */
export async function chooseConversation(
  options: { readonly resume?: true | undefined; readonly session?: string | undefined },
  stores: { readonly sessions: Sessions; readonly random: Random },
): Promise<string> {
  const { resume, session } = options;
  if (resume && session !== undefined) {
    throw new CodedError(
      "usage",
      "--resume and --session name two conversations; use one of them.",
    );
  }
  if (session === "") throw new CodedError("usage", "--session wants the name of a conversation.");
  if (session !== undefined) return await findConversation(session, stores.sessions);
  const last = resume ? await stores.sessions.lastConversation(PREFIX) : undefined;
  return last ?? newConversation(stores.random);
}

/**
 * The name of a conversation that is kept; `cli:` may be left out.
 * @throws {CodedError} `session_not_found`
 */
export async function findConversation(id: string, sessions: Sessions): Promise<string> {
  const conversation = id.includes(":") ? id : `${PREFIX}${id}`;
  if ((await sessions.read(conversation)).length > 0) return conversation;
  const all = await sessions.list(); // one that was ended is empty but there
  if (all.some((one) => one.conversation === conversation)) return conversation;
  throw new CodedError(
    "session_not_found",
    `There is no conversation "${escapeLine(conversation)}".`,
    "See clambot sessions list.",
  );
}

/** The name of a conversation that did not exist before. */
export function newConversation(random: Random): string {
  return `${PREFIX}${random.id()}`;
}
