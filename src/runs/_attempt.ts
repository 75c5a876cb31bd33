import { CodedError } from "../domain/failure.ts";
import type { Clock } from "../platform/platform.ts";
import type { Attempt, CallResult, FoundCall, Recalled } from "./attempt.ts";
import type { AttemptStart, RecordedReply, ResultLine, RunLine } from "./line.ts";
import type { AttemptRecord } from "./record.ts";

/** What happened in a run, over all its attempts. */
export interface Event {
  readonly repeatable: boolean;
  result?: CallResult;
  foreign?: true;
}

/** Events by the fingerprint of their call, in order. */
export type Events = Map<string, Event[]>;

/** What an attempt stands on. */
export interface AttemptMeans {
  readonly clock: Clock;
  readonly start: AttemptStart;
  /** Of the whole run; grows. */
  readonly events: Events;
  /** What stands in the file already, of an attempt that is gone on with. */
  readonly recorded?: AttemptRecord;
  write(line: RunLine, durable: boolean): Promise<void>;
  /** Whether the file is as large as it may be. */
  isFull(): boolean;
  /** A value as the file keeps it. */
  shorten(result: CallResult): Promise<RecordedReply> | RecordedReply;
  /** A value as it was. */
  lengthen(reply: RecordedReply): Promise<CallResult>;
}

/** Milliseconds in which a program that is run again must come to its next call. */
const PATIENCE_MS = 90_000;

const NOTHING: Pick<AttemptRecord, "told" | "begun"> = { told: [], begun: new Map() };

/** Builds an attempt; what was known before it began is known to it. */
export function createAttempt(means: AttemptMeans, earlier: Events): Attempt {
  const { start, events, write } = means;
  const { told, begun } = means.recorded ?? NOTHING;
  const record = new Map(told.map((line) => [line.call, line]));
  const again = createOrder(told, means.clock);
  let lining: Promise<unknown> = Promise.resolve();
  let telling: Promise<unknown> = again.over;
  again.over.catch(() => {});
  const takenUp = new Set<Event>();

  async function findTold(line: ResultLine, print: string): Promise<FoundCall> {
    if (line.print !== print) return { kind: "diverged" };
    const result = await means.lengthen(line.reply);
    // what answered it stands for no later call
    if (line.fingerprint !== undefined) earlier.get(line.fingerprint)?.shift();
    return await again.take(line.call) ? { kind: "told", line, result } : { kind: "diverged" };
  }

  return {
    start,
    get isCaughtUp() {
      return again.isOver();
    },
    async find({ call, print }) {
      const line = record.get(call);
      if (line) return await findTold(line, print);
      const intent = begun.get(call);
      if (intent && intent.print !== print) return { kind: "diverged" };
      if (!await again.waitFor()) return { kind: "diverged" };
      return intent && !intent.repeatable ? { kind: "in_doubt" } : { kind: "new" };
    },
    recall: (fingerprint) => recalledFrom(earlier.get(fingerprint)?.shift()),
    async intend(intent) {
      if (means.isFull()) throw tooLarge();
      const all = events.get(intent.fingerprint) ?? [];
      events.set(intent.fingerprint, all);
      const before = begun.has(intent.call) ? takeBegun(all, takenUp) : undefined;
      const event: Event = before ?? { repeatable: intent.repeatable };
      if (!before) all.push(event);
      const forget = () => void all.splice(all.indexOf(event), 1);
      // what changes and reads nothing outside can be done again, so that nobody need know of it before
      const isOnRecord = intent.effect !== "none";
      if (isOnRecord) {
        await write({ kind: "intent", ...intent }, true).catch((error) => {
          forget();
          throw error;
        });
      }
      return {
        done(result, foreign) {
          event.result = result;
          if (foreign) event.foreign = true;
        },
        async undone() {
          forget();
          if (isOnRecord) await write({ kind: "undone", call: intent.call }, false);
        },
      };
    },
    tell({ result, durable, ...line }, also) {
      // what is written first is told first, whatever takes longer to be shortened
      const written = lining.then(async () => {
        const shortened = means.shorten(result);
        const reply = shortened instanceof Promise ? await shortened : shortened;
        const done = write({ kind: "result", ...line, reply }, durable);
        done.catch(() => {}); // whoever waits for its turn hears of it
        return { done };
      });
      lining = written.catch(() => {});
      const turn = telling.then(async () => {
        await (await written).done;
        await also;
      });
      telling = turn.catch(() => {});
      return turn;
    },
  };
}

/** What another process began and this one does is one event. */
function takeBegun(all: readonly Event[], takenUp: Set<Event>): Event | undefined {
  const event = all.find((one) => !one.result && !takenUp.has(one));
  if (event) takenUp.add(event);
  return event;
}

function recalledFrom(event: Event | undefined): Recalled {
  if (!event) return { kind: "new" };
  const { result, foreign } = event;
  if (result) return { kind: "done", result, ...(foreign ? { foreign } : {}) };
  return event.repeatable ? { kind: "new" } : { kind: "in_doubt" };
}

function tooLarge(): CodedError {
  return new CodedError(
    "run_too_large",
    "The record of this run is as large as it may be, so nothing more is done in it.",
    "Ask for it in smaller parts.",
  );
}

/** Tells again what was told once, in the same order. */
interface Order {
  /** Resolves when it is this call's turn; `false` when that never comes. */
  take(call: number): Promise<boolean>;
  /** Resolves when everything has had its turn; `false` when that never comes. */
  waitFor(): Promise<boolean>;
  isOver(): boolean;
  readonly over: Promise<unknown>;
}

function createOrder(told: readonly ResultLine[], clock: Clock): Order {
  const came = new Map(told.map(({ call }) => [call, Promise.withResolvers<void>()]));
  const turns = new Map<number, Promise<unknown>>();
  let left = told.length;
  let lastCame = clock.monotonic();
  let before: Promise<unknown> = Promise.resolve();
  for (const { call } of told) {
    const turn = before.then(() => came.get(call)?.promise).then(() => void left--);
    turns.set(call, turn);
    before = turn;
  }
  const over = before;
  const inTime = async (turn: Promise<unknown>): Promise<boolean> => {
    const waiting = new AbortController();
    const isTurn = turn.then(() => true);
    try {
      for (;;) {
        const patience = lastCame + PATIENCE_MS - clock.monotonic();
        if (patience <= 0) return false;
        const isOver = clock.sleep(patience, waiting.signal).then(() => false, () => false);
        if (await Promise.race([isTurn, isOver])) return true;
      }
    } finally {
      waiting.abort();
    }
  };
  return {
    async take(call) {
      lastCame = clock.monotonic();
      came.get(call)?.resolve();
      return await inTime(turns.get(call) ?? over);
    },
    waitFor: () => left === 0 ? over.then(() => true) : inTime(over),
    isOver: () => left === 0,
    over,
  };
}

/** Events of attempts that stand in a file. */
export function eventsOf(
  attempts: readonly AttemptRecord[],
  values: ReadonlyMap<ResultLine, CallResult>,
): Events {
  const events: Events = new Map();
  for (const { told, begun } of attempts) {
    const lines = [...told.filter(({ happened }) => happened), ...begun.values()]
      .sort((a, b) => a.call - b.call);
    for (const line of lines) {
      if (line.fingerprint === undefined) continue;
      const all = events.get(line.fingerprint) ?? [];
      events.set(line.fingerprint, all);
      const result = line.kind === "result" ? values.get(line) : undefined;
      const repeatable = line.kind === "intent" && line.repeatable;
      const isForeign = line.kind === "result" && line.foreign;
      all.push({
        repeatable,
        ...(result ? { result } : {}),
        ...(isForeign ? { foreign: true } : {}),
      });
    }
  }
  return events;
}

/** A copy of which things can be taken. */
export function copyOf(events: Events): Events {
  return new Map([...events].map(([fingerprint, all]) => [fingerprint, [...all]]));
}
