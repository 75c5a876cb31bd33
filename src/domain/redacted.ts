declare const redacted: unique symbol;

/**
 * Text in which no known secret stands. Only `secrets/redactor.ts` makes it; terminal, log, events,
 * stores, channels and model requests demand it.
 */
export type Redacted = string & { readonly [redacted]: true };

declare const cleaned: unique symbol;

/** A value of plain data in which no text holds a known secret; made as {@linkcode Redacted} is. */
export type Clean<T> = T & { readonly [cleaned]: true };

/** Takes known secret values out of text. */
export interface Redactor {
  /** Replaces every known value, in whatever form it is written, by a mark. */
  redact(text: string): Redacted;
  /** The same for every text of a value of plain data, the names of its members included. */
  clean<T>(value: T): Clean<T>;
  /** The same for a text that comes in pieces. */
  openStream(): RedactedStream;
}

/** A text that comes in pieces, of which nothing goes on that may be the beginning of a value. */
export interface RedactedStream {
  /** What of the pieces so far can go on. */
  push(piece: string): Redacted;
  /** The rest. */
  end(): Redacted;
}
