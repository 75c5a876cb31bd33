import type { Failure } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import type { Origin } from "../domain/message.ts";

/** How a call that was done came out. */
export type CallResult =
  | { readonly kind: "result"; readonly value: Json }
  | { readonly kind: "error"; readonly failure: Failure };

/** What a run is for. */
export interface Opening {
  readonly turn: string;
  readonly conversation: string;
  readonly origin: Origin;
}

/** The runs of programs: what was asked of the world, and what came of it. */
export interface Runs {
  /** Begins the run of a turn. */
  open(opening: Opening): Run;
}

/**
 * What was done in one turn, over all its attempts. Equal calls of one attempt are different
 * events: the second equal call of an attempt is answered by the second one recorded.
 */
export interface Run {
  /** Begins a further attempt: its calls are answered from what earlier ones did. */
  beginAttempt(): Attempt;
}

/** What is known of a call that a program wants to make. */
export type Recalled =
  | { readonly kind: "new" }
  | { readonly kind: "done"; readonly result: CallResult }
  /** An earlier attempt began it, and nobody knows what came of it. */
  | { readonly kind: "in_doubt" };

/** One attempt's view of its run. `fingerprint`: lower-case hex SHA-256 of tool and arguments. */
export interface Attempt {
  /** What an earlier attempt knows of the next call with this fingerprint. */
  recall(fingerprint: string): Recalled;
  /**
   * Puts on record that a call will be done; resolves before anything may be. `repeatable`: it
   * changes nothing, so that it can be done again when nobody knows what came of it.
   */
  intend(fingerprint: string, repeatable: boolean): Promise<Intent>;
}

/** A call that is on record. Exactly one of these ends it; without an end it stays in doubt. */
export interface Intent {
  /** Puts its result on record; resolves before the program may see it. */
  done(result: CallResult): Promise<void>;
  /** It was not done after all, or changed nothing and may be tried again. */
  undone(): Promise<void>;
}

interface Event {
  readonly repeatable: boolean;
  result?: CallResult;
}

/** Opens the runs of this process; they are kept in memory, each as long as its turn. */
export function openRuns(): Runs {
  return { open: () => createRun() };
}

function createRun(): Run {
  const events = new Map<string, Event[]>();
  return {
    beginAttempt() {
      const earlier = new Map([...events].map(([identity, all]) => [identity, [...all]]));
      return {
        recall: (fingerprint) => recalledFrom(earlier.get(fingerprint)?.shift()),
        intend(fingerprint, repeatable) {
          const event: Event = { repeatable };
          const all = events.get(fingerprint) ?? [];
          events.set(fingerprint, all);
          all.push(event);
          return Promise.resolve({
            done(result) {
              event.result = result;
              return Promise.resolve();
            },
            undone() {
              all.splice(all.indexOf(event), 1);
              return Promise.resolve();
            },
          });
        },
      };
    },
  };
}

function recalledFrom(event: Event | undefined): Recalled {
  if (!event) return { kind: "new" };
  if (event.result) return { kind: "done", result: event.result };
  return event.repeatable ? { kind: "new" } : { kind: "in_doubt" };
}
