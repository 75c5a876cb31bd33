import { CodedError } from "../domain/failure.ts";
import type { Redacted } from "../domain/redacted.ts";
import type { Clock, Files, Random } from "../platform/platform.ts";
import { estimateTokens } from "../text/tokens.ts";
import { type Change, openChangeLog } from "./_changes.ts";
import { matchingFacts } from "./_matching.ts";
import { parseNotes, withoutNotes } from "./_notes.ts";
import { factNotes, factOf, lineOf, type Plan, planFacts, planUndo } from "./_plan.ts";
import { type Reader, renderNotes, selectNotes } from "./_prompt_text.ts";
import { loadWaiting, saveWaiting, type WaitingFact } from "./_waiting.ts";
import { cleanFact, type Fact, type FactsAdded, type FactSource } from "./fact.ts";

export type { Change, Reader, WaitingFact };

/**
 * What is known about one person: the notes in MEMORY.md, which the person may edit at any time.
 * Every change touches only the lines it means, is logged before it is made, and can be undone.
 */
export interface Memory {
  /** All notes for this reader; marked ones are placeholders for `code`. "" when there are none. */
  text(reader: Reader): Promise<string>;
  /** The same within a budget: the notes closest to the request and the newest, and a notice. */
  promptText(budgetTokens: number, request: string, reader: Reader): Promise<string>;
  facts(): Promise<readonly Fact[]>;
  /** The facts that all meaning words of this text stand in. */
  findFacts(text: string): Promise<readonly Fact[]>;
  addFacts(facts: readonly Redacted[], source: FactSource): Promise<FactsAdded>;
  /** Removes exactly these facts, as far as they are still there; the result is what went. */
  removeFacts(facts: readonly Fact[], cause: string): Promise<readonly Fact[]>;
  /** Removes what {@linkcode findFacts} finds. */
  forget(text: string, cause: string): Promise<readonly Fact[]>;
  /** Changes of the last 90 days, newest first. */
  changes(): Promise<readonly Change[]>;
  /** Reverses a change; `undefined` when there is no such change or nothing left to reverse. */
  undo(id: string): Promise<Change | undefined>;
  /** Lets facts of a turn that took in untrusted text wait for the person. */
  parkFacts(facts: readonly Redacted[], turn: string): Promise<void>;
  /** Facts that wait, oldest first. */
  waiting(): Promise<readonly WaitingFact[]>;
  /**
   * Takes a waiting fact into the memory, with its mark; `undefined` when there is none. One that
   * is refused goes on waiting.
   */
  keep(id: string): Promise<FactsAdded | undefined>;
  /** Whether there was such a waiting fact to drop. */
  drop(id: string): Promise<boolean>;
}

const NAME = "MEMORY.md";

/** Bytes of the notes; far more than a person writes, and little to read. */
const LARGEST = 4_194_304;

/** @throws {CodedError} when what stands there cannot be the notes */
async function isThere(files: Files): Promise<boolean> {
  const found = await files.stat(NAME);
  if (!found) return false;
  const path = `${files.path}/${NAME}`;
  if (found.kind !== "file") {
    throw new CodedError("file_type_mismatch", `"${path}" is no ordinary file.`);
  }
  if (found.size <= LARGEST) return true;
  throw new CodedError(
    "file_too_large",
    `"${path}" is larger than ${LARGEST} bytes.`,
    "Shorten it.",
  );
}

/** Opens the memory in a directory of its own (`workspace/memory`). */
export function openMemory(files: Files, clock: Clock, random: Random): Memory {
  const log = openChangeLog(files, clock, random);
  const read = async () => await isThere(files) ? await files.readText(NAME) ?? "" : "";
  const notes = async () => parseNotes(await read());
  const locked = <T>(action: () => Promise<T>) => files.locked("memory", action);

  /** Logged first: a change that a crash kept from happening reverses to nothing. */
  async function change(
    operation: Change["operation"],
    cause: string,
    { file, added, removed }: Plan,
  ): Promise<Change> {
    const recorded = await log.record({ operation, cause, added, removed });
    await files.replace(NAME, file);
    return recorded;
  }

  async function add(texts: readonly string[], source: FactSource): Promise<FactsAdded> {
    const { plan, result } = planFacts(await read(), texts, source.marked ?? false);
    if (result.added.length > 0) await change("add", source.turn, plan);
    return result;
  }

  async function remove(facts: readonly Fact[], cause: string): Promise<readonly Fact[]> {
    const parsed = await notes();
    const gone = factNotes(parsed).filter((note) => facts.some(({ text }) => text === note.text));
    if (gone.length === 0) return [];
    const removed = gone.map((note) => lineOf(parsed, note));
    await change("forget", cause, { file: withoutNotes(parsed, gone), added: [], removed });
    return gone.map(factOf);
  }

  async function find(text: string): Promise<Fact[]> {
    return matchingFacts(factNotes(await notes()).map(factOf), text);
  }

  async function take(id: string): Promise<WaitingFact | undefined> {
    return (await loadWaiting(files)).find((fact) => fact.id === id);
  }

  async function dropWaiting(id: string): Promise<void> {
    await saveWaiting(files, (await loadWaiting(files)).filter((fact) => fact.id !== id));
  }

  return {
    text: async (reader) => renderNotes(await notes(), reader),
    async promptText(budgetTokens, request, reader) {
      const parsed = await notes();
      const whole = renderNotes(parsed, reader);
      if (estimateTokens(whole) <= budgetTokens) return whole;
      return selectNotes(parsed.notes, budgetTokens, request, reader);
    },
    facts: async () => factNotes(await notes()).map(factOf),
    findFacts: find,
    addFacts: (facts, source) => locked(() => add(facts, source)),
    removeFacts: (facts, cause) => locked(() => remove(facts, cause)),
    forget: (text, cause) => locked(async () => await remove(await find(text), cause)),
    changes: async () => (await log.list()).toReversed(),
    undo: (id) =>
      locked(async () => {
        const wanted = (await log.list()).find((one) => one.id === id);
        const plan = wanted && planUndo(await read(), wanted);
        return plan && await change("undo", id, plan);
      }),
    parkFacts: (facts, turn) =>
      locked(async () => {
        const at = new Date(clock.now()).toISOString();
        const before = await loadWaiting(files);
        const clean = facts.flatMap((fact) => cleanFact(fact) ?? [])
          .filter((text) => !before.some((waiting) => waiting.text === text));
        if (clean.length === 0) return;
        const parked = [...new Set(clean)].map((text) => ({ id: random.id(), text, turn, at }));
        await saveWaiting(files, [...before, ...parked]);
      }),
    waiting: () => loadWaiting(files),
    keep: (id) =>
      locked(async () => {
        const fact = await take(id);
        if (!fact) return undefined;
        const added = await add([fact.text], { turn: fact.turn, marked: true });
        if (added.refused.length === 0) await dropWaiting(id);
        return added;
      }),
    drop: (id) =>
      locked(async () => {
        const found = await take(id) !== undefined;
        if (found) await dropWaiting(id);
        return found;
      }),
  };
}
