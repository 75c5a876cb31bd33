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
  const spans = spansFor(origin, limits).filter((span) => span.limits.toolCalls !== undefined);
  const ofTurn = spans.find(({ kind }) => kind === "turn");
  const ofDay = spans.filter(({ kind }) => kind !== "turn");
  const call = random.id();
  let used = 0;
  let reserved = 0;
  let before: Promise<unknown> = Promise.resolve();

  const write = (decide: (recent: readonly CountedLine[], day: string) => number) =>
    ledger.add((recent, stamp) => {
      const count = decide(recent, stamp.day);
      return { kind: "tools", ...stamp, turn, origin, call, count };
    });

  async function reserveMore(): Promise<void> {
    let more = 0;
    await write((recent, day) => {
      more = roomIn(recent.filter((line) => line.day === day), ofDay);
      return reserved + more;
    });
    reserved += more;
  }

  async function countOne(): Promise<Failure | undefined> {
    try {
      if (ofTurn && !(used + 1 <= (ofTurn.limits.toolCalls ?? 0))) {
        throw exceeded(ofTurn, "toolCalls");
      }
      if (ofDay.length > 0 && used + 1 > reserved) await reserveMore();
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
    async end() {
      await before;
      if (used < reserved) await write(() => used).catch(() => {});
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
