import type { CallLine, ReservedLine, UsageLine } from "./entry.ts";
import type { Ledger } from "./ledger.ts";

/** What was used in one day, by one model, or for one origin. */
export interface UsageRow {
  /** The day, the model or the origin. */
  readonly name: string;
  readonly calls: number;
  /** Requests that brought no answer. */
  readonly failed: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** US dollars, as far as they are known. */
  readonly usd: number;
  /** Requests of which nobody knows the cost. */
  readonly unpriced: number;
}

/** What was used in some days. */
export interface UsageSummary {
  /** First and last day. */
  readonly from: string;
  readonly to: string;
  readonly total: UsageRow;
  readonly byDay: readonly UsageRow[];
  readonly byModel: readonly UsageRow[];
  readonly byOrigin: readonly UsageRow[];
  readonly turns: number;
  /** Turns that a kept clam answered. */
  readonly reused: number;
  /** Requests to models that this saved. */
  readonly savedCalls: number;
  /** Lines of the ledger that cannot be read; they are in none of the sums. */
  readonly broken: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Sums up the last days, today included. */
export async function summarizeUsage(
  ledger: Ledger,
  days: number,
  now: number,
): Promise<UsageSummary> {
  const from = ledger.day(now - (days - 1) * DAY_MS);
  const { lines, broken } = await ledger.read(from);
  return { ...sumUp(lines), from, to: ledger.day(now), broken };
}

type Sums = Omit<UsageSummary, "from" | "to" | "broken">;

/** Sums up lines of the ledger. A request that was never settled counts with all it reserved. */
export function sumUp(lines: readonly UsageLine[]): Sums {
  const settled = new Set(lines.flatMap((line) => line.kind === "call" ? [line.call] : []));
  const calls = lines.filter((line) =>
    line.kind === "call" || (line.kind === "reserved" && !settled.has(line.call))
  ) as (CallLine | ReservedLine)[];
  const turns = lines.filter((line) => line.kind === "turn");
  return {
    total: rowOf("total", calls),
    byDay: rowsBy(calls, ({ day }) => day),
    byModel: rowsBy(calls, ({ model }) => model),
    byOrigin: rowsBy(calls, ({ origin }) => origin),
    turns: turns.length,
    reused: turns.filter(({ reused }) => reused).length,
    savedCalls: turns.reduce((sum, { savedCalls }) => sum + savedCalls, 0),
  };
}

type Call = CallLine | ReservedLine;

function rowsBy(calls: readonly Call[], nameOf: (call: Call) => string): UsageRow[] {
  const groups = Map.groupBy(calls, nameOf);
  return [...groups].map(([name, group]) => rowOf(name, group))
    .sort((a, b) => a.name < b.name ? -1 : 1);
}

function rowOf(name: string, calls: readonly Call[]): UsageRow {
  const sum = (value: (call: CallLine) => number) =>
    calls.reduce((total, call) => total + (call.kind === "call" ? value(call) : 0), 0);
  const open = calls.filter((call) => call.kind === "reserved");
  return {
    name,
    calls: calls.length,
    failed: open.length + sum(({ outcome }) => outcome === "ok" ? 0 : 1),
    inputTokens: sum(({ input }) => input) + open.reduce((all, { tokens }) => all + tokens, 0),
    cachedTokens: sum(({ cached }) => cached),
    outputTokens: sum(({ output }) => output),
    usd: sum(({ usd }) => usd ?? 0) + open.reduce((all, { counted }) => all + counted, 0),
    unpriced: sum(({ usd }) => usd === null ? 1 : 0),
  };
}
