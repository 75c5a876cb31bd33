import type { Artefacts } from "../artefacts/artefacts.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { Tell } from "../domain/turn_event.ts";
import { type SessionEntry, unansweredIn } from "../sessions/entry.ts";
import type { NewEntry, Sessions } from "../sessions/sessions.ts";
import { createAside } from "./aside.ts";
import type { AgentPorts, Said } from "./ports.ts";
import { isWithheld, placeholderOf } from "./transcript.ts";
import { takeTurn } from "./turn.ts";

/** What answers are kept with. */
export type KeepingPorts = Omit<ConversePorts, "agent">;

/** What a conversation needs besides a turn's own ports. */
export interface ConversePorts {
  readonly sessions: Sessions;
  readonly artefacts: Artefacts;
  readonly redactor: Redactor;
  readonly tell: Tell;
  /** What the turn itself asks of the house. */
  readonly agent: AgentPorts;
}

/**
 * Answers one message of a conversation. What the person said is on disk before any work; the
 * answer is on disk before it is returned. Answers made from text of others are kept as artefacts
 * too; their entries, and those of messages with such text, are marked. A turn that was broken off before, as by a
 * crash, is marked as interrupted. An answer that cannot be kept is returned all the same, with a
 * note.
 */
export async function converse(
  turn: Turn,
  ports: ConversePorts,
  signal: AbortSignal,
): Promise<Answer> {
  const { sessions, redactor } = ports;
  const { id, message } = turn;
  const { conversation } = message;
  const isSaid = await settleInterrupted(conversation, id, ports);
  if (!isSaid) {
    await sessions.append(conversation, redactor.clean(entryOfMessage(message.text, turn)));
  }
  const answer = await takeTurn(turn, ports.agent, signal);
  return await keepAnswer(turn, answer, ports);
}

/** Keeps an answer in its conversation; one that comes later is an entry of its own there. */
export async function keepAnswer(
  turn: Turn,
  answer: Answer,
  ports: KeepingPorts,
): Promise<Answer> {
  const { sessions, redactor, tell } = ports;
  const notes = [...answer.notes ?? []];
  await createAside(notes, tell)("This answer is missing in the conversation", async () => {
    const entry = redactor.clean(await entryOfAnswer(turn, answer, ports));
    await sessions.append(turn.message.conversation, entry);
  });
  return notes.length > 0 ? { ...answer, notes } : answer;
}

/** @returns whether the turn itself was begun before, and broken off */
async function settleInterrupted(
  conversation: string,
  own: string,
  { sessions, redactor }: ConversePorts,
): Promise<boolean> {
  let isSaid = false;
  for (const { metadata } of unansweredIn(await sessions.read(conversation))) {
    isSaid ||= metadata.turn === own;
    if (metadata.turn === own) continue;
    const content = "(This turn was interrupted before it was answered.)";
    const { turn = "" } = metadata;
    const entry = { role: "system" as const, content, metadata: { turn } };
    await sessions.append(conversation, redactor.clean(entry));
  }
  return isSaid;
}

function entryOfMessage(content: string, { id, message }: Turn): NewEntry {
  const { pasted, enclosed = [], text } = message;
  const [artefact, ...further] = [...(pasted ? [pasted] : []), ...enclosed]
    .map((one) => one.artefact);
  const mark = artefact !== undefined && { marked: true, artefact, shown: text, further };
  return { role: "user", content, metadata: { turn: id, ...(mark || {}) } };
}

async function entryOfAnswer(
  turn: Turn,
  { status, reply, failure, foreign }: Answer,
  { artefacts, redactor }: KeepingPorts,
): Promise<NewEntry> {
  const content = failure?.message ?? reply;
  const metadata = { turn: turn.id, status, ...(failure ? { code: failure.code } : {}) };
  if (!foreign) return { role: "assistant", content, metadata };
  // a failure can quote what a program read as well as an answer can
  const artefact = await artefacts.keep(redactor.redact(content), {
    kind: "answer",
    from: turn.id,
  });
  return { role: "assistant", content, metadata: { ...metadata, marked: true, artefact } };
}

/** What was said before a turn, as prompts see it; oldest first. */
export function saidBefore(entries: readonly SessionEntry[], turn: Turn): Said[] {
  return entries.filter(({ metadata }) => metadata.turn !== turn.id).map(saidFrom);
}

/** An entry as prompts see it. */
export function saidFrom(entry: SessionEntry): Said {
  const said = { role: SPEAKERS[entry.role], text: entry.content };
  return isWithheld(entry) ? { ...said, mark: { shown: placeholderOf(entry) } } : said;
}

const SPEAKERS = {
  user: "user",
  assistant: "assistant",
  tool: "assistant",
  system: "summary",
} as const;
