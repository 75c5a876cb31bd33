import type { Clock } from "../platform/platform.ts";
import { type AllowFrom, mayAskForCode } from "./allow_from.ts";
import type { Pairing } from "./pairing.ts";
import { describePerson, type PersonId, withShortName } from "./person.ts";

/** What follows when somebody unknown writes. Often nothing: neither is said. */
export interface AtTheDoor {
  /** To them. */
  readonly reply?: string;
  /** To every owner. */
  readonly toOwners?: string;
}

/** Answers those who are unknown, and tells the owners; both seldom. */
export interface Door {
  /** @throws {CodedError} `people_damaged`, or what keeps a code from being kept */
  knock(person: PersonId, allowed: AllowFrom): Promise<AtTheDoor>;
}

const HOUR_MS = 3_600_000;
/** As long as a code counts: whoever comes back then gets another. */
const CODE_MS = 600_000;
/** Unknown people whom the owners are told of in one hour. */
const MOST_TOLD = 5;
/** Unknown people who are remembered; whoever wrote longest ago is forgotten. */
const MOST_KNOWN = 1_000;

/** Builds it. What it remembers ends with the process. */
export function createDoor(
  { pairing, clock }: { readonly pairing: Pick<Pairing, "askFor">; readonly clock: Clock },
): Door {
  const answered = new Map<string, number>();
  let told: readonly number[] = [];

  /** Whether so many milliseconds have passed since they were answered. */
  function isDue({ channel, id }: PersonId, ms: number): boolean {
    const key = `${channel}:${id}`;
    const now = clock.now();
    const before = answered.get(key);
    if (before !== undefined && Math.abs(now - before) < ms) return false;
    answered.delete(key);
    answered.set(key, now);
    const [oldest] = answered.keys();
    if (answered.size > MOST_KNOWN && oldest !== undefined) answered.delete(oldest);
    return true;
  }

  function mayTell(): boolean {
    const now = clock.now();
    told = told.filter((at) => Math.abs(now - at) < HOUR_MS);
    if (told.length >= MOST_TOLD) return false;
    told = [...told, now];
    return true;
  }

  return {
    async knock(person, allowed) {
      const mayAsk = mayAskForCode(person, allowed);
      if (!isDue(person, mayAsk ? CODE_MS : HOUR_MS)) return {};
      const code = mayAsk ? await pairing.askFor(person) : undefined;
      const { channel } = person;
      const who = describePerson(withShortName(person));
      const reply = code
        ? `I do not know you yet. Whoever runs me can let you in within ten minutes: clambot ` +
          `channels approve ${channel} ${code.code}`
        : "I only talk to people whom I was told of.";
      if (!mayTell()) return { reply };
      const toOwners = code
        ? `Somebody unknown wrote to me: ${who}. To let them in as a guest: clambot channels ` +
          `approve ${channel} ${code.code}`
        : `Somebody unknown wrote to me: ${who}. They were not let in.`;
      return { reply, toOwners };
    },
  };
}
