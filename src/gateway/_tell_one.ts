import { type Channel, ChannelError } from "../channels/channel.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { Clock, Log } from "../platform/platform.ts";
import { codeOf } from "./code_of.ts";
import type { ChatMoves } from "./gateway_ports.ts";
import { nextTryAt } from "./retries.ts";
import type { GatewayStore, KeptMessage } from "./store.ts";
import { toldSoFarOf } from "./told_so_far.ts";

/** What the outbox needs. */
export interface OutboxPorts {
  readonly store: GatewayStore;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly moves?: ChatMoves;
}

/** What telling one message needs. */
interface TellPorts extends OutboxPorts {
  /** What was taken and could not be noted as told yet. */
  readonly taken: Set<string>;
}

/** Tells a message, and keeps what came of it. @throws {CodedError} when that could not be kept */
export async function tellOne(
  message: KeptMessage,
  ports: TellPorts,
  signal: AbortSignal,
): Promise<void> {
  const { store, channels, redactor, moves, taken } = ports;
  const { key, channel } = message;
  try {
    const found = channels.get(channel);
    if (!found) return store.failed(key, undefined);
    // what became known as a secret meanwhile is taken out too
    const text = redactor.redact(message.text);
    const conversation = await moves?.whereNow(message.conversation) ?? message.conversation;
    const soFar = toldSoFarOf(message, store);
    if (!taken.has(key)) await found.send({ ...message, conversation, text }, signal, soFar);
  } catch (error) {
    if (signal.aborted) return;
    return await keepForLater(message, error, ports);
  }
  taken.add(key);
  store.delivered(key);
  taken.delete(key);
}

async function keepForLater(
  message: KeptMessage,
  error: unknown,
  { store, clock, log, moves }: TellPorts,
): Promise<void> {
  const { key, channel, tries } = message;
  const now = clock.now();
  const problem = error instanceof ChannelError ? error.problem : { kind: "later" } as const;
  const told = { key, channel, tries: tries + 1, problem: problem.kind, ...codeOf(error) };
  log.warn("message_not_taken", told);
  const usual = nextTryAt(tries + 1, now);
  switch (problem.kind) {
    case "refused":
      return store.failed(key, undefined);
    case "moved":
      await moves?.move(await moves.whereNow(message.conversation), problem.to);
      return store.failed(key, moves ? now : usual);
    case "later":
      return store.failed(key, problem.afterMs === undefined ? usual : now + problem.afterMs);
    case "unclear":
      return store.failed(key, usual);
  }
}
