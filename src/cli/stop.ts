import type { Stores } from "../app/stores.ts";
import type { JsonObject } from "../domain/json.ts";
import {
  describeStop,
  readStopMark,
  removeStopMark,
  setStopMark,
  type StopMark,
} from "../runs/stop_mark.ts";
import { escapeLine } from "../text/escape.ts";
import type { CliContext } from "./context.ts";

// Stopping everything and going on, for the commands and for those who talk.

/** What became of the mark that stops everything. */
export interface Stopping {
  /** For the person. */
  readonly sentence: string;
  /** For programs. */
  readonly told: JsonObject;
}

/** How and since when everything is stopped, where it is. */
export async function findStopped(
  { state, clock }: Pick<Stores, "state" | "clock">,
): Promise<string | undefined> {
  const mark = await readStopMark(state);
  return mark && escapeLine(describeStop(mark, clock));
}

type Means = Pick<Stores, "state" | "clock" | "audit" | "redactor">;
type Around = Pick<CliContext, "environment" | "terminal">;

/** Stops everything with an effect in every process of the home, until {@linkcode goOn}. */
export async function stopAll(stores: Means, context: Around): Promise<Stopping> {
  const mark = await setStopMark(stores.state, personOf(context), stores.clock);
  if (!mark.isNew) return tellStop(mark, "ClamBot is stopped already", stores);
  await note("stopped", stores, context);
  return tellStop(mark, "ClamBot is stopped", stores);
}

function tellStop(mark: StopMark, what: string, { clock }: Means): Stopping {
  const how = escapeLine(describeStop(mark, clock));
  return {
    sentence: `${what} (${how}): nothing that has an effect is done until clambot resume.`,
    told: { stopped: true, by: mark.by ?? null, at: new Date(mark.at).toISOString() },
  };
}

/** Lets everything go on. */
export async function goOn(stores: Means, context: Around): Promise<Stopping> {
  const mark = await removeStopMark(stores.state);
  const told = { stopped: false };
  if (!mark) return { sentence: "ClamBot was not stopped.", told };
  await note("resumed", stores, context);
  return { sentence: "ClamBot goes on. What was stopped has ended: ask for it again.", told };
}

/** A log that cannot be written keeps nobody from stopping. */
async function note(kind: string, { audit, redactor }: Means, context: Around): Promise<void> {
  try {
    await audit.record(kind, redactor.clean({ by: personOf(context) }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.terminal.err(`clambot: It counts all the same. ${escapeLine(reason)}\n`);
  }
}

function personOf({ environment }: Pick<CliContext, "environment">): string {
  return environment.USER || environment.USERNAME || "the person at the terminal";
}
