import type { KeptMessage } from "./store.ts";
import { codeOf } from "./code_of.ts";
import { type OutboxPorts, tellOne } from "./_tell_one.ts";

/** Tells what is to be told, in the order of each conversation. */
export interface Outbox {
  /** Looks what there is to tell. */
  wake(): void;
  /** Tells nothing more; resolves when nothing is being told. */
  close(): Promise<void>;
}

/** Milliseconds after which it looks again by itself. */
const LOOK_MS = 30_000;

/** Milliseconds that what is being told has to its end, when nothing more is. */
const LAST_MS = 3_000;

/** Builds one; nothing is told before `wake`. */
export function createOutbox(ports: OutboxPorts): Outbox {
  const { store, clock, log } = ports;
  const ending = new AbortController();
  /** Conversations in which something is being told. */
  const busy = new Map<string, Promise<void>>();
  /** What was taken and could not be noted as told yet: it is not told again. */
  const taken = new Set<string>();
  let look: AbortController | undefined;
  let isClosed = false;

  function tellAll(): void {
    if (isClosed) return;
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
    const telling = tellOne(message, { ...ports, taken }, ending.signal).then(
      () => true,
      (error) => {
        log.warn("outbox_failed", codeOf(error));
        return false;
      },
    ).then((isNoted) => {
      busy.delete(line);
      if (isNoted) wake();
      else sleepUntil(clock.now() + LOOK_MS); // the store takes nothing just now
    });
    busy.set(line, telling);
  }

  function sleepUntil(at: number): void {
    look?.abort();
    if (isClosed) return;
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
      isClosed = true;
      look?.abort();
      // what is on its way would be told twice if nobody heard that it was taken
      const told = new AbortController();
      clock.sleep(LAST_MS, told.signal).then(() => ending.abort(), () => {});
      await Promise.allSettled(busy.values());
      told.abort();
      ending.abort();
    },
  };
}
