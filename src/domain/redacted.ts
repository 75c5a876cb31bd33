declare const redacted: unique symbol;

/**
 * Text in which no known secret stands. Only `secrets/redactor.ts` makes it; terminal, log, events,
 * stores, channels and model requests demand it.
 */
export type Redacted = string & { readonly [redacted]: true };

declare const cleaned: unique symbol;

/** A value of plain data in which no text holds a known secret; made as {@linkcode Redacted} is. */
export type Clean<T> = T & { readonly [cleaned]: true };
