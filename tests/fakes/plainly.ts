import type { Clean, Redacted } from "../../src/domain/redacted.ts";
import { createRedactor } from "../../src/secrets/redactor.ts";

type Bare<T> = T extends Redacted ? string
  : T extends Clean<infer Inner> ? Inner
  : T extends readonly Redacted[] ? readonly string[]
  : T;

/** A store whose methods take texts as they are, for tests in which nothing is secret. */
export type Plainly<T> = {
  [Name in keyof T]: T[Name] extends (...args: infer Args) => infer Result
    ? [BareOf<Args>] extends [Args] ? T[Name] : (...args: BareOf<Args>) => Result
    : T[Name];
};

type BareOf<Args extends unknown[]> = { [At in keyof Args]: Bare<Args[At]> };

/** The same store. */
export function plainly<T>(store: T): Plainly<T> {
  return store as Plainly<T>;
}

/** Where nothing is secret. */
export const NO_SECRETS = createRedactor([]);
