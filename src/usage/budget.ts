import { CodedError, type FailureCode } from "../domain/failure.ts";
import type { Origin } from "../domain/message.ts";
import type { Clock, Random } from "../platform/platform.ts";
import type { AskedLine, CountedLine } from "./entry.ts";
import type { Ledger } from "./ledger.ts";
import { exceeded, type SpanLimits, spansFor } from "./limits.ts";

/** US dollars for a million tokens. */
export interface TokenPrice {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
}

/** The limits of the configuration. */
export interface BudgetLimits extends SpanLimits {
  /**
   * What a model of unknown price is taken to cost. Without both halves of it, limits in dollars
   * refuse such a model.
   */
  readonly unknownPrice?: {
    readonly [Half in keyof TokenPrice]?: number | undefined;
  };
}

/** A request that somebody wants to send. */
export interface Wanted {
  readonly turn: string;
  readonly origin: Origin;
  /** The guest who is answered, if it is one. */
  readonly guest?: string | undefined;
  /** Requests to models that this turn may send at most, where the turn is one of several. */
  readonly mostCalls?: number | undefined;
  /** Name of the contract, or `text`. */
  readonly purpose: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
  readonly price: TokenPrice | undefined;
}

/** How a request ended; without `usage` it is taken to have used all that was reserved. */
export interface EndedRequest {
  readonly outcome: "ok" | FailureCode;
  readonly usage?: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly cachedInputTokens: number;
    readonly costUsd: number | undefined;
  };
}

/** A place in the budget that a request has; it is given up by settling. */
export interface Reservation {
  /** Never throws: when the end cannot be written down, all that was reserved stays counted. */
  settle(ended: EndedRequest): Promise<void>;
}

/** What models may still be asked. */
export interface Budget {
  /**
   * Reserves the most that a request can use, before it is sent.
   * @throws {CodedError} `budget_exceeded` that names the limit, or what keeps it from being counted
   */
  reserve(wanted: Wanted): Promise<Reservation>;
}

/** What a budget needs. */
export interface BudgetPorts {
  readonly limits: BudgetLimits;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
}

/** Keeps the limits over the ledger, also when several processes use it. */
export function createBudget({ limits, ledger, clock, random }: BudgetPorts): Budget {
  return {
    async reserve(wanted) {
      const call = random.id();
      const { turn, origin, guest, mostCalls, purpose, model } = wanted;
      const payer = { turn, origin, ...(guest === undefined ? {} : { guest }) };
      const tokens = wanted.inputTokens + wanted.maxOutputTokens;
      const counted = worstCase(wanted, limits);
      const started = clock.monotonic();
      await ledger.add((recent, stamp) => {
        checkLimits(recent, stamp.day, { ...payer, mostCalls, tokens, counted }, limits);
        return { kind: "reserved", ...stamp, ...payer, call, purpose, model, tokens, counted };
      });
      return {
        settle: async (ended) => {
          const ms = Math.round(clock.monotonic() - started);
          const used = usedBy(ended, wanted, limits, counted);
          const line = { ...payer, call, purpose, model, ...used, ms, outcome: ended.outcome };
          // the next reservation is written to the same ledger, or refused
          await ledger.add((_, stamp) => ({ kind: "call", ...stamp, ...line })).catch(() => {});
        },
      };
    },
  };
}

/** Dollars that a request costs at most. */
function worstCase(wanted: Wanted, limits: BudgetLimits): number {
  const { inputTokens, maxOutputTokens, model } = wanted;
  const limited = spansFor(wanted, limits).some((span) => span.limits.usd !== undefined);
  const price = wanted.price ?? assumedPrice(limits);
  if (!price && limited) {
    throw new CodedError(
      "budget_exceeded",
      `Nobody knows what ${model} costs, and there is a limit in dollars.`,
      `Set agents.models."${model}".price, or agents.budgets.unknownPrice.`,
    );
  }
  return price ? costOf(inputTokens, maxOutputTokens, price) : 0;
}

function assumedPrice({ unknownPrice }: BudgetLimits): TokenPrice | undefined {
  const { inputPerMillion, outputPerMillion } = unknownPrice ?? {};
  if (inputPerMillion === undefined || outputPerMillion === undefined) return undefined;
  return { inputPerMillion, outputPerMillion };
}

function costOf(input: number, output: number, price: TokenPrice): number {
  return (input * price.inputPerMillion + output * price.outputPerMillion) / 1_000_000;
}

function usedBy(ended: EndedRequest, wanted: Wanted, limits: BudgetLimits, reserved: number) {
  const { usage } = ended;
  if (!usage) {
    const { inputTokens, maxOutputTokens } = wanted;
    const usd = wanted.price ? reserved : null;
    return { input: inputTokens, cached: 0, output: maxOutputTokens, usd, counted: reserved };
  }
  const { inputTokens: input, outputTokens: output, cachedInputTokens: cached, costUsd } = usage;
  const price = assumedPrice(limits);
  const guess = price ? costOf(input, output, price) : 0;
  return { input, cached, output, usd: costUsd ?? null, counted: costUsd ?? guess };
}

/** What has been used: by requests that ended, and by those that may still be under way. */
interface Spent {
  readonly calls: number;
  readonly tokens: number;
  readonly usd: number;
}

function spentIn(lines: readonly AskedLine[]): Spent {
  const settled = new Set(lines.flatMap((line) => line.kind === "call" ? [line.call] : []));
  let [calls, tokens, usd] = [0, 0, 0];
  for (const line of lines) {
    if (line.kind === "reserved" && settled.has(line.call)) continue;
    calls++;
    tokens += line.kind === "call" ? line.input + line.output : line.tokens;
    usd += line.counted;
  }
  return { calls, tokens, usd };
}

function checkLimits(
  recent: readonly CountedLine[],
  day: string,
  wanted: Pick<Wanted, "turn" | "origin" | "guest" | "mostCalls"> & {
    readonly tokens: number;
    readonly counted: number;
  },
  limits: BudgetLimits,
): void {
  const asked = recent.filter((line) => line.kind !== "tools");
  const today = asked.filter((line) => line.day === day);
  const ofTurn = asked.filter(({ turn }) => turn === wanted.turn);
  const linesOf = {
    turn: ofTurn,
    tick: ofTurn,
    origin: today.filter(({ origin }) => origin === wanted.origin),
    guest: today.filter(({ guest }) => guest !== undefined && guest === wanted.guest),
    guests: today.filter(({ guest }) => guest !== undefined),
    day: today,
  };
  for (const span of spansFor(wanted, limits)) {
    const spent = spentIn(linesOf[span.kind]);
    const { calls = Infinity, tokens = Infinity, usd = Infinity } = span.limits;
    // written so that a wanted amount which is no number is refused too
    if (!(spent.calls + 1 <= calls)) throw exceeded(span, "calls");
    if (!(spent.tokens + wanted.tokens <= tokens)) throw exceeded(span, "tokens");
    if (!(spent.usd + wanted.counted <= usd)) throw exceeded(span, "usd");
  }
}
