import type { Artefacts } from "../artefacts/artefacts.ts";
import type { InboundMessage } from "../domain/message.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { Random } from "../platform/platform.ts";
import type { SessionEntry } from "../sessions/entry.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { AgentPorts, Said } from "./ports.ts";
import { isWithheld } from "./transcript.ts";
import { takeTurn } from "./turn.ts";

/** What a conversation needs besides a turn's own ports. */
export interface ConversePorts {
  readonly sessions: Sessions;
  readonly artefacts: Artefacts;
  readonly random: Random;
  /** The ports of one turn, given what was said before it. */
  portsFor(turn: Turn, history: readonly Said[]): AgentPorts;
}

/**
 * Answers one message of a conversation. What the person said is on disk before any work; the
 * answer is on disk before it is returned. An answer made from text of others is kept as an
 * artefact too, and its entry is marked.
 */
export async function converse(
  message: InboundMessage,
  ports: ConversePorts,
  signal: AbortSignal,
): Promise<{ readonly turn: Turn; readonly answer: Answer }> {
  const { sessions } = ports;
  const turn: Turn = { id: ports.random.id(), message };
  const before = await sessions.read(message.conversation);
  await sessions.append(message.conversation, {
    role: "user",
    content: message.text,
    metadata: { turn: turn.id },
  });
  const answer = await takeTurn(turn, ports.portsFor(turn, before.map(saidFrom)), signal);
  await sessions.append(message.conversation, await entryFor(turn, answer, ports));
  return { turn, answer };
}

async function entryFor(turn: Turn, answer: Answer, { artefacts }: ConversePorts) {
  const { status, reply, failure, foreign } = answer;
  const base = { role: "assistant" as const, content: failure?.message ?? reply };
  if (!foreign || failure) return { ...base, metadata: { turn: turn.id, status } };
  const artefact = await artefacts.keep(reply, { kind: "answer", from: turn.id });
  return { ...base, metadata: { turn: turn.id, status, marked: true, artefact } };
}

/** An entry as prompts see it. */
export function saidFrom(entry: SessionEntry): Said {
  const { role, content, metadata } = entry;
  const said = { role: SPEAKERS[role], text: content };
  return isWithheld(entry) ? { ...said, mark: { artefact: metadata.artefact ?? "none" } } : said;
}

const SPEAKERS = {
  user: "user",
  assistant: "assistant",
  tool: "assistant",
  system: "summary",
} as const;
