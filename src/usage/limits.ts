import { CodedError } from "../domain/failure.ts";
import type { Origin } from "../domain/message.ts";

/** What may be used in one span; what is absent is not limited. */
export interface SpendingLimits {
  /** Requests to models. */
  readonly calls?: number | undefined;
  readonly tokens?: number | undefined;
  readonly usd?: number | undefined;
  /** Calls of tools. */
  readonly toolCalls?: number | undefined;
}

/** The limits of every span. */
export interface SpanLimits {
  readonly perTurn: SpendingLimits;
  readonly perDay: SpendingLimits;
  /** In one day, for what came from there. */
  readonly perOrigin?: Readonly<Record<string, SpendingLimits>>;
  /** In one day, for each guest. */
  readonly perGuest?: SpendingLimits;
  /** In one day, for all guests together. */
  readonly guests?: SpendingLimits;
}

/** One span with what it limits. */
export type Span =
  & { readonly limits: SpendingLimits }
  & (
    | { readonly kind: "turn" | "tick" | "day" | "guests" }
    | { readonly kind: "guest"; readonly guest: string }
    | { readonly kind: "origin"; readonly origin: Origin }
  );

/** For whom a turn is taken, as far as it limits what may be used. */
export interface LimitedTurn {
  readonly origin: Origin;
  /** The guest who is answered, if it is one. */
  readonly guest?: string | undefined;
  /** Requests to models that the tick of the heartbeat leaves to this turn. */
  readonly mostCalls?: number | undefined;
}

/** The spans that count for a turn of this origin, and of this guest, the smallest first. */
export function spansFor(
  { origin, guest, mostCalls }: LimitedTurn,
  { perTurn, perDay, perOrigin = {}, perGuest = {}, guests = {} }: SpanLimits,
): Span[] {
  const ofOrigin = Object.hasOwn(perOrigin, origin) ? perOrigin[origin] : undefined;
  return [
    ...(mostCalls === undefined ? [] : [{ kind: "tick", limits: { calls: mostCalls } } as const]),
    { kind: "turn", limits: perTurn },
    ...(guest === undefined ? [] : [
      { kind: "guest", guest, limits: perGuest } as const,
      { kind: "guests", limits: guests } as const,
    ]),
    ...(ofOrigin ? [{ kind: "origin", origin, limits: ofOrigin } as const] : []),
    { kind: "day", limits: perDay },
  ];
}

/** Why no more of a unit may be used in a span. */
export function exceeded(span: Span, unit: keyof SpendingLimits): CodedError {
  const [what, more] = WORDS[unit];
  const { when, then, key } = describeSpan(span);
  return new CodedError(
    "budget_exceeded",
    `The budget of ${span.limits[unit]} ${what} for ${when} does not allow another ${more}.`,
    `${then}, or raise ${span.kind === "tick" ? key : `agents.budgets.${key}.${unit}`}.`,
  );
}

const WORDS: Readonly<Record<keyof SpendingLimits, readonly [string, string]>> = {
  calls: ["requests to models", "question to the model"],
  tokens: ["tokens", "question to the model"],
  usd: ["dollars", "question to the model"],
  toolCalls: ["tool calls", "call of a tool"],
};

function describeSpan(span: Span) {
  const tomorrow = "Try again tomorrow";
  switch (span.kind) {
    case "tick":
      return {
        when: "what one tick of the heartbeat has left",
        then: "Wait for the next one",
        key: "heartbeat.callsPerTick",
      };
    case "turn":
      return { when: "one request", then: "Ask for less at once", key: "perTurn" };
    case "day":
      return { when: "one day", then: tomorrow, key: "perDay" };
    case "guest":
      return { when: "one guest in one day", then: tomorrow, key: "perGuest" };
    case "guests":
      return { when: "all guests in one day", then: tomorrow, key: "guests" };
    case "origin":
      return {
        when: `what comes from ${span.origin} in one day`,
        then: tomorrow,
        key: `perOrigin.${span.origin}`,
      };
  }
}
