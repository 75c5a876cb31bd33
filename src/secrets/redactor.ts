declare const redacted: unique symbol;

/** Text in which no known secret stands. Sending and logging demand it. */
export type Redacted = string & { readonly [redacted]: true };

/** Takes known secret values out of text. */
export interface Redactor {
  /** Replaces every known value, also in its URL-encoded and base64 forms, by `[redacted]`. */
  redact(text: string): Redacted;
}

/** Values shorter than this are too common to be taken out. */
const SHORTEST = 6;

/** Builds a redactor over secret values; short and empty ones are left out. */
export function createRedactor(values: Iterable<string>): Redactor {
  const known = [...new Set([...values].filter((value) => value.length >= SHORTEST).flatMap(forms))]
    .sort((a, b) => b.length - a.length);
  return {
    redact: (text) =>
      known.reduce((clean, value) => clean.replaceAll(value, "[redacted]"), text) as Redacted,
  };
}

function forms(value: string): string[] {
  const bytes = new TextEncoder().encode(value);
  const base64 = btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
  return [value, encodeURIComponent(value), base64, JSON.stringify(value).slice(1, -1)];
}
