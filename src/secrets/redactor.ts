import type { Clean, Redacted, Redactor } from "../domain/redacted.ts";
import { createSearch, type Search } from "./_search.ts";
import { SHORTEST_VALUE } from "./secret.ts";

/** What stands in place of a value. */
export const MARK = "[redacted]";

/** Builds a redactor over secret values; short and empty ones are left out. */
export function createRedactor(values: Iterable<string>): Redactor {
  const fixed = [...values];
  return createLiveRedactor(() => fixed);
}

/**
 * A redactor over values that come to be known while the program runs. `values` is asked at each
 * text, and gives the same array as long as nothing was added.
 */
export function createLiveRedactor(values: () => readonly string[]): Redactor {
  let known: readonly string[] | undefined;
  let search: Search = createSearch([]);
  const current = () => {
    const now = values();
    if (now !== known) {
      known = now;
      search = createSearch([...new Set(now)].filter((value) => value.length >= SHORTEST_VALUE));
    }
    return search;
  };
  return {
    redact: (text) => redactBy(current(), text),
    clean: <T>(value: T) => cleanBy(current(), value) as Clean<T>,
    openStream() {
      let held = "";
      return {
        push(piece) {
          held += piece;
          const by = current();
          const open = by.openEnd(held);
          const ready = held.slice(0, open);
          held = held.slice(open);
          return redactBy(by, ready);
        },
        end() {
          const rest = held;
          held = "";
          return redactBy(current(), rest);
        },
      };
    },
  };
}

function redactBy(search: Search, text: string): Redacted {
  const found = search.find(text);
  if (found.length === 0) return text as Redacted;
  let clean = "";
  let at = 0;
  for (const { start, end } of found) {
    clean += text.slice(at, Math.max(at, start)) + MARK;
    at = end;
  }
  return clean + text.slice(at) as Redacted;
}

function cleanBy(search: Search, value: unknown): unknown {
  if (typeof value === "string") return redactBy(search, value);
  if (Array.isArray(value)) return value.map((one) => cleanBy(search, one));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [redactBy(search, name), cleanBy(search, one)]),
  );
}
