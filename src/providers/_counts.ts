import { isRecord } from "./_told.ts";
import type { TokenCount } from "./prices.ts";

/** Something was counted, and it is no number that a count can be. */
export type Unreadable = "unreadable";

/** Tokens of one request at most: a hundred times the largest window there is. */
const MOST_TOKENS = 100_000_000;

/** US dollars of one request at most. */
const MOST_USD = 10_000;

/** What a provider told about the tokens of an answer, by what they cost; not looked at yet. */
export type ToldCount = { readonly [Part in keyof TokenCount]: unknown };

/**
 * Reads counts once, at the provider's edge: whole numbers from 0 on. What was not told is 0; one
 * part that cannot be read makes all of it unreadable, since nothing would hold it to the rest.
 */
export function readCount(told: ToldCount): TokenCount | Unreadable {
  const { input, output } = told;
  const cachedInput = told.cachedInput ?? 0; // several servers write null where there is no cache
  const cacheWrite = told.cacheWrite ?? 0;
  const parts = [input, output, cachedInput, cacheWrite].map((part) =>
    part === undefined ? 0 : part
  );
  if (!parts.every(isCount)) return "unreadable";
  const [all = 0, answered = 0, read = 0, written = 0] = parts;
  if (read + written > all) return "unreadable";
  return { input: all, output: answered, cachedInput: read, cacheWrite: written };
}

/** US dollars that a provider told; `undefined` when it told none. */
export function readCost(told: unknown): number | Unreadable | undefined {
  if (told === undefined || told === null) return undefined;
  return typeof told === "number" && told >= 0 && told <= MOST_USD ? told : "unreadable";
}

/** The object with a provider's counts; `undefined` when it did not count. */
export function readUsage(
  told: unknown,
): Readonly<Record<string, unknown>> | Unreadable | undefined {
  if (told === undefined || told === null) return undefined;
  return isRecord(told) ? told : "unreadable";
}

/** A field of an object inside the usage; `null` in place of an object is none. */
export function detailIn(told: unknown, name: string): unknown {
  if (told === undefined || told === null) return undefined;
  return isRecord(told) ? told[name] : "unreadable";
}

/** Sums counts that stand apart; what cannot be added stays as it was told. */
export function sumOf(...told: readonly unknown[]): unknown {
  const parts = told.map((part) => part ?? 0);
  return parts.every(isCount)
    ? parts.reduce((sum, part) => sum + part, 0)
    : parts.find((part) => !isCount(part));
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_TOKENS;
}
