import { type Channel, ChannelError } from "../channels/channel.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { Clock, Log } from "../platform/platform.ts";
import { nextTryAt } from "./retries.ts";
import type { GatewayStore, KeptMessage } from "./store.ts";
import { toldSoFarOf } from "./told_so_far.ts";

/** Tells what is to be told, in the order of each conversation. */
export interface Outbox {
  /** Looks what there is to tell. */
  wake(): void;
  /** Tells nothing more; resolves when nothing is being told. */
  close(): Promise<void>;
}

/** What the outbox needs. */
export interface OutboxPorts {
  readonly store: GatewayStore;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
}

/** Milliseconds after which it looks again by itself. */
const LOOK_MS = 30_000;

/** Builds one; nothing is told before `wake`. */
export function createOutbox({ store, channels, clock, log, redactor }: OutboxPorts): Outbox {
  const ending = new AbortController();
  /** Conversations in which something is being told. */
  const busy = new Map<string, Promise<void>>();
  /** What was taken and could not be noted as told yet: it is not told again. */
  const taken = new Set<string>();
  let look: AbortController | undefined;

  function tellAll(): void {
    if (ending.signal.aborted) return;
    const now = clock.now();
    let soonest = now + LOOK_MS;
    const held = new Set<string>();
    for (const message of store.unsent()) {
      const line = `${message.channel} ${message.conversation}`;
      if (held.has(line) || busy.has(line)) continue;
      held.add(line); // what comes behind it in its conversation waits for it
      if (message.nextAt > now) soonest = Math.min(soonest, message.nextAt);
      else begin(line, message);
    }
    sleepUntil(soonest);
  }

  function begin(line: string, message: KeptMessage): void {
    const telling = tellOne(message).then(() => true, (error) => {
      log.warn("outbox_failed", codeOf(error));
      return false;
    }).then((isNoted) => {
      busy.delete(line);
      if (isNoted) wake();
      else sleepUntil(clock.now() + LOOK_MS); // the store takes nothing just now
    });
    busy.set(line, telling);
  }

  async function tellOne(message: KeptMessage): Promise<void> {
    const { key, channel, tries } = message;
    try {
      const found = channels.get(channel);
      if (!found) return store.failed(key, undefined);
      // what became known as a secret meanwhile is taken out too
      const text = redactor.redact(message.text);
      const soFar = toldSoFarOf(message, store);
      if (!taken.has(key)) await found.send({ ...message, text }, ending.signal, soFar);
    } catch (error) {
      if (ending.signal.aborted) return;
      log.warn("message_not_taken", { key, channel, tries: tries + 1, ...codeOf(error) });
      return store.failed(key, retryOf(error, tries + 1, clock.now()));
    }
    taken.add(key);
    store.delivered(key);
    taken.delete(key);
  }

  function sleepUntil(at: number): void {
    look?.abort();
    look = new AbortController();
    clock.sleep(Math.max(0, at - clock.now()), look.signal).then(wake, () => {});
  }

  function wake(): void {
    try {
      tellAll();
    } catch (error) {
      log.warn("outbox_failed", codeOf(error));
      sleepUntil(clock.now() + LOOK_MS);
    }
  }

  return {
    wake,
    async close() {
      ending.abort();
      look?.abort();
      await Promise.allSettled(busy.values());
    },
  };
}

/** When a message that was not told is tried again; `undefined`: it is given up. */
function retryOf(error: unknown, tries: number, now: number): number | undefined {
  const problem = error instanceof ChannelError ? error.problem : undefined;
  if (problem?.kind === "refused") return undefined;
  if (problem?.kind === "later" && problem.afterMs !== undefined) return now + problem.afterMs;
  return nextTryAt(tries, now);
}

/** The code of an error; its text may be anybody's. */
export function codeOf(error: unknown): { readonly code: string } {
  const { code } = error as { readonly code?: unknown };
  return { code: typeof code === "string" ? code : "internal" };
}
