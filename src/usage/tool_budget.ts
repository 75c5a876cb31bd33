import { CodedError, type Failure } from "../domain/failure.ts";
import type { Origin } from "../domain/message.ts";
import type { Random } from "../platform/platform.ts";
import type { CountedLine } from "./entry.ts";
import type { Ledger } from "./ledger.ts";
import { exceeded, type Span, type SpanLimits, spansFor } from "./limits.ts";

/** What tools may still be called in one turn. */
export interface ToolBudget {
  /**
   * Reserves one call, before it is asked for or done. The result says why it may not be: a limit
   * is reached, or nothing can be counted. The next call tries again.
   */
  count(): Promise<Failure | undefined>;
  /** Counts calls of the turn that another process made; for their day they are counted already. */
  addEarlier(calls: number): void;
  /** Gives back what was reserved and not used. Never rejects: then all of it stays counted. */
  end(): Promise<void>;
}

/** For whom calls are counted. */
interface Caller {
  readonly turn: string;
  readonly origin: Origin;
}

/** What a budget of tool calls needs. */
export interface ToolBudgetPorts {
  readonly limits: SpanLimits;
  readonly ledger: Ledger;
  readonly random: Random;
}

/** What one turn has reserved of a day, and used of it. */
interface Share {
  readonly call: string;
  readonly day: string;
  readonly used: number;
  readonly reserved: number;
}

/** Calls that are reserved at once at most, so that not each of them waits for the disk. */
const MOST_AT_ONCE = 16;
/** Share of what is left that one turn reserves at once, so that others are not refused for it. */
const SHARE = 1 / 4;

/**
 * Opens the budget of one turn. Without a limit for the day nothing is written: the calls of a turn
 * are counted here. With one, calls are reserved in the ledger some at a time.
 */
export function openToolBudget(
  { turn, origin }: Caller,
  { limits, ledger, random }: ToolBudgetPorts,
): ToolBudget {
  const spans = spansFor({ origin }, limits).filter((span) => span.limits.toolCalls !== undefined);
  const ofTurn = spans.find(({ kind }) => kind === "turn");
  const ofDay = spans.filter(({ kind }) => kind !== "turn");
  let used = 0;
  let share = shareOf("");
  let before: Promise<unknown> = Promise.resolve();

  function shareOf(day: string): Share {
    return { call: random.id(), day, used: 0, reserved: 0 };
  }

  async function reserveMore(): Promise<void> {
    let larger = share;
    await ledger.add((recent, stamp) => {
      const { day } = stamp;
      const today = recent.filter((line) => line.day === day);
      // what was reserved on an earlier day is counted there
      const own = share.day === day ? share : shareOf(day);
      larger = { ...own, reserved: own.reserved + roomIn(today, ofDay) };
      return { kind: "tools", ...stamp, turn, origin, call: own.call, count: larger.reserved };
    });
    share = larger;
  }

  /** Under the day of which it was reserved, also when another one has begun. */
  async function giveBack({ call, day, used: count }: Share): Promise<void> {
    await ledger.add((_, stamp) => ({ kind: "tools", ...stamp, day, turn, origin, call, count }));
  }

  async function countOfDay(): Promise<void> {
    if (share.used + 1 > share.reserved) await reserveMore();
    share = { ...share, used: share.used + 1 };
  }

  async function countOne(): Promise<Failure | undefined> {
    try {
      if (ofTurn && !(used + 1 <= (ofTurn.limits.toolCalls ?? 0))) {
        throw exceeded(ofTurn, "toolCalls");
      }
      if (ofDay.length > 0) await countOfDay();
      used++;
      return undefined;
    } catch (error) {
      if (error instanceof CodedError) return error.failure;
      throw error;
    }
  }

  return {
    count() {
      const counted = before.then(countOne);
      before = counted.catch(() => {});
      return counted;
    },
    addEarlier(calls) {
      used += calls;
    },
    async end() {
      await before;
      if (share.used < share.reserved) await giveBack(share).catch(() => {});
    },
  };
}

/**
 * Calls that a turn may reserve now, at least one.
 * @throws {CodedError} `budget_exceeded` when there is no room for any
 */
function roomIn(today: readonly CountedLine[], spans: readonly Span[]): number {
  const rooms = spans.map((span) => {
    const lines = span.kind === "origin"
      ? today.filter(({ origin }) => origin === span.origin)
      : today;
    const room = (span.limits.toolCalls ?? 0) - toolCallsIn(lines);
    if (!(room >= 1)) throw exceeded(span, "toolCalls");
    return room;
  });
  return Math.max(1, Math.min(MOST_AT_ONCE, ...rooms.map((room) => Math.floor(room * SHARE))));
}

/** The last line of a turn says what it has used or reserved. */
function toolCallsIn(lines: readonly CountedLine[]): number {
  const counts = new Map<string, number>();
  for (const line of lines) if (line.kind === "tools") counts.set(line.call, line.count);
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
