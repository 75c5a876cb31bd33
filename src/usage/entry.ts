import type { FailureCode } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Origin } from "../domain/message.ts";

/** What every line of the ledger says. */
interface Line {
  /** ISO 8601. */
  readonly at: string;
  /** The person's own date, `2026-05-04`. */
  readonly day: string;
  readonly turn: string;
  readonly origin: Origin;
  /** For which guest, where it was for one. */
  readonly guest?: string;
}

/** A request that may be sent, with the most that it can use. It counts until it is settled. */
export interface ReservedLine extends Line {
  readonly kind: "reserved";
  /** The same as that of the request's other line. */
  readonly call: string;
  readonly purpose: string;
  readonly model: string;
  readonly tokens: number;
  /** US dollars counted against limits. */
  readonly counted: number;
}

/** A request that has ended. */
export interface CallLine extends Line {
  readonly kind: "call";
  readonly call: string;
  /** Name of the contract, or `text`. */
  readonly purpose: string;
  readonly model: string;
  readonly input: number;
  /** Those of `input` that came from the provider's cache. */
  readonly cached: number;
  readonly output: number;
  /** US dollars; `null` when nobody knows. */
  readonly usd: number | null;
  /** US dollars counted against limits, also when nobody knows. */
  readonly counted: number;
  readonly ms: number;
  readonly outcome: "ok" | FailureCode;
}

/** A turn that was answered. */
export interface TurnLine extends Line {
  readonly kind: "turn";
  /** A kept clam answered it. */
  readonly reused: boolean;
  /** Requests to models that this saved. */
  readonly savedCalls: number;
}

/** Calls of tools that a turn has reserved or used; its last line of a day counts. */
export interface ToolsLine extends Line {
  readonly kind: "tools";
  /** The same in all lines of the turn. */
  readonly call: string;
  readonly count: number;
}

/** A line of a request to a model. */
export type AskedLine = ReservedLine | CallLine;

/** A line that counts against budgets. */
export type CountedLine = AskedLine | ToolsLine;

export type UsageLine = CountedLine | TurnLine;

type Fields = Readonly<Record<string, "string" | "number">>;

const COMMON: Fields = { at: "string", day: "string", turn: "string", origin: "string" };
const ASKED: Fields = { call: "string", purpose: "string", model: "string", counted: "number" };

const FIELDS: Readonly<Record<UsageLine["kind"], Fields>> = {
  reserved: { ...COMMON, ...ASKED, tokens: "number" },
  call: {
    ...COMMON,
    ...ASKED,
    input: "number",
    cached: "number",
    output: "number",
    ms: "number",
    outcome: "string",
  },
  turn: { ...COMMON, savedCalls: "number" },
  tools: { ...COMMON, call: "string", count: "number" },
};

/**
 * The largest number in a line: no request has so many tokens, and a single line that told more
 * would use up every budget of its day.
 */
const LARGEST = 1_000_000_000;

/** Whether a value is a line of the ledger. */
export function isUsageLine(value: Json | undefined): value is UsageLine & JsonObject {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const line = value as JsonObject;
  if (typeof line.kind !== "string" || !Object.hasOwn(FIELDS, line.kind)) return false;
  return Object.entries(FIELDS[line.kind as UsageLine["kind"]]).every(([name, type]) => {
    const field = line[name];
    return typeof field === type && (typeof field !== "number" || isAmount(field));
  }) && (line.kind !== "call" || line.usd === null || isAmount(line.usd));
}

function isAmount(value: Json | undefined): boolean {
  return typeof value === "number" && value >= 0 && value <= LARGEST;
}
