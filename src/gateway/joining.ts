import type { Clock } from "../platform/platform.ts";
import { goesOn, isForward, joinParts, mayGoOn } from "./_parts.ts";
import type { GatewayStore, KeptUpdate } from "./store.ts";

/** Makes one request of updates that belong together; every other one passes at once. */
export interface Joining {
  /** Says what came in one go, before any of it is taken. */
  announce(updates: readonly KeptUpdate[]): void;
  take(update: KeptUpdate): void;
  /** Takes away what still waits for more in a conversation. @returns it, joined */
  drop(conversation: string): readonly KeptUpdate[];
  /** Passes nothing on any more; what waits for more is on disk. */
  close(): void;
  /** Requests that wait for more. */
  readonly waiting: number;
}

/** What it works with. */
export interface JoiningPorts {
  readonly clock: Clock;
  readonly store: Pick<GatewayStore, "join">;
  /** Milliseconds to wait for the next part. */
  readonly waitMs: number;
  /** Characters of one message of a channel at most; `undefined`: any number. */
  longestText(channel: string): number | undefined;
  /** Takes a whole request. */
  enter(update: KeptUpdate): void;
  /** What belongs together could not be kept so: on disk it still waits. */
  fail(error: unknown): void;
}

/** Parts of one request at most. */
const MOST_PARTS = 100;

interface Group {
  parts: [KeptUpdate, ...KeptUpdate[]];
  waiting: AbortController;
}

/** Builds it. */
export function createJoining(ports: JoiningPorts): Joining {
  const groups = new Map<string, Group>();
  /** Turns of words on what is forwarded behind them. */
  const introducing = new Set<string>();
  let isClosed = false;

  function close(key: string, group: Group): KeptUpdate | undefined {
    group.waiting.abort();
    groups.delete(key);
    const [first, ...others] = group.parts;
    const joined = joinParts(group.parts, ports.longestText(first.channel));
    try {
      if (others.length > 0) ports.store.join(joined, others.map(({ turn }) => turn));
      return joined;
    } catch (error) {
      ports.fail(error);
      return undefined;
    }
  }

  function pass(key: string, group: Group): void {
    const joined = close(key, group);
    if (joined) ports.enter(joined);
  }

  function wait(key: string, group: Group): void {
    group.waiting.abort();
    group.waiting = new AbortController();
    ports.clock.sleep(ports.waitMs, group.waiting.signal).then(
      () => pass(key, group),
      () => {}, // more came, or nothing is passed on any more
    );
  }

  return {
    announce(updates) {
      updates.forEach((next, at) => {
        const before = updates[at - 1];
        const isTogether = before && keyOf(before) === keyOf(next) && isForward(next);
        if (isTogether && goesOn(before, next, undefined)) introducing.add(before.turn);
      });
    },
    take(update) {
      if (isClosed) return;
      const key = keyOf(update);
      const longest = ports.longestText(update.channel);
      const group = groups.get(key);
      const isIntroduction = introducing.delete(update.turn);
      if (group && goesOn(group.parts.at(-1) ?? group.parts[0], update, longest)) {
        group.parts.push(update);
        const isMore = mayGoOn(update, longest) && group.parts.length < MOST_PARTS;
        return isMore ? wait(key, group) : pass(key, group);
      }
      if (group) pass(key, group);
      // what was joined before a restart is whole
      if (update.joined || !(isIntroduction || mayGoOn(update, longest))) {
        return ports.enter(update);
      }
      const opened: Group = { parts: [update], waiting: new AbortController() };
      groups.set(key, opened);
      wait(key, opened);
    },
    drop(conversation) {
      return [...groups].filter(([, { parts }]) => parts[0].conversation === conversation)
        .flatMap(([key, group]) => close(key, group) ?? []);
    },
    close() {
      isClosed = true;
      for (const { waiting } of groups.values()) waiting.abort();
      groups.clear();
    },
    get waiting() {
      return groups.size;
    },
  };
}

function keyOf({ channel, conversation, person }: KeptUpdate): string {
  return JSON.stringify([channel, conversation, person.id]);
}
