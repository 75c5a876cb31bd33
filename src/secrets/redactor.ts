import { SHORTEST_VALUE } from "./secret.ts";

declare const redacted: unique symbol;

/** Text in which no known secret stands. Sending and logging demand it. */
export type Redacted = string & { readonly [redacted]: true };

/** Takes known secret values out of text. */
export interface Redactor {
  /** Replaces every known value, also in its URL-encoded and base64 forms, by `[redacted]`. */
  redact(text: string): Redacted;
}

/** Builds a redactor over secret values; short and empty ones are left out. */
export function createRedactor(values: Iterable<string>): Redactor {
  const known = [
    ...new Set([...values].filter((value) => value.length >= SHORTEST_VALUE).flatMap(forms)),
  ]
    .sort((a, b) => b.length - a.length);
  return {
    redact: (text) =>
      known.reduce((clean, value) => clean.replaceAll(value, "[redacted]"), text) as Redacted,
  };
}

/**
 * A redactor over values that come to be known while the program runs. `values` is asked at each
 * text, and gives the same array as long as nothing was added.
 */
export function createLiveRedactor(values: () => readonly string[]): Redactor {
  let known = values();
  let redactor = createRedactor(known);
  return {
    redact(text) {
      const now = values();
      if (now !== known) [known, redactor] = [now, createRedactor(now)];
      return redactor.redact(text);
    },
  };
}

function forms(value: string): string[] {
  const bytes = new TextEncoder().encode(value);
  const base64 = btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
  return [value, encodeURIComponent(value), base64, JSON.stringify(value).slice(1, -1)];
}
