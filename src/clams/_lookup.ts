import { join } from "node:path";
import type { Clam, ClamId } from "../domain/clam.ts";
import type { Files } from "../platform/platform.ts";
import { sha256Hex } from "../text/canonical_json.ts";
import { describeBroken, describeClam } from "./_entry.ts";
import type { Shelf } from "./_shelf.ts";
import { type Entry, openTables, type Tables } from "./_tables.ts";
import { parseClamId } from "./id.ts";

/**
 * The index of all clams. It is only a hint and can be rebuilt: deleted, broken or out of date, it
 * is made good before the next question, and nobody hears of it.
 */
export interface Lookup {
  /** Asks the index, up to date with the directory as far as its own time of change tells. */
  query<T>(read: (tables: Tables) => T): Promise<T>;
  /**
   * Changes clams under the lock of the library, then reads those anew whose ids come back. The
   * index learns of the change in the same operation. Must not be nested.
   */
  change(action: () => Promise<readonly ClamId[]>): Promise<void>;
  close(): void;
}

/** What the index is made from, and where it lies. */
export interface LookupSource {
  readonly clams: Files;
  readonly shelf: Shelf;
  readonly starters: readonly Clam[];
  /** Ids of starters that the person does not want to see. */
  readonly hidden: () => Promise<ReadonlySet<string>>;
  /** Where the index file is kept. */
  readonly state: Files;
}

const FILE = "clam-index.sqlite";
const BATCH = 100;

export function openLookup(source: LookupSource): Lookup {
  const { clams, shelf, state } = source;
  const store = openStore(state);
  const starterIds = new Set<string>(source.starters.map((starter) => starter.id));
  let starterStamp: Promise<string> | undefined;

  const rootStamp = async () => `${(await clams.stat("."))?.modified ?? "none"}`;
  const stampOfStarters = () =>
    starterStamp ??= sha256Hex(
      JSON.stringify(source.starters.map((one) => [one.id, one.manifest])),
    );

  async function isFresh(tables: Tables): Promise<boolean> {
    return tables.get("stamp") === await rootStamp() &&
      tables.get("starters") === await stampOfStarters();
  }

  async function rescan(tables: Tables): Promise<void> {
    if (await isFresh(tables)) return;
    const stamp = await rootStamp();
    const known = tables.stamps();
    const ids = (await shelf.names()).flatMap((name) => parseClamId(name) ?? [])
      .filter((id) => !starterIds.has(id));
    for (let at = 0; at < ids.length; at += BATCH) {
      const read = await Promise.all(
        ids.slice(at, at + BATCH).map((id) => readEntry(id, known.get(id))),
      );
      tables.together(() => read.forEach((entry) => entry && tables.put(entry)));
    }
    await settleStarters(tables);
    const present = new Set<string>([...ids, ...starterIds]);
    tables.together(() => {
      for (const id of known.keys()) if (!present.has(id)) tables.drop(id);
      tables.set("stamp", stamp);
    });
  }

  async function settleStarters(tables: Tables): Promise<void> {
    const hidden = await source.hidden();
    const stamp = await stampOfStarters();
    tables.together(() => {
      for (const { id, manifest } of source.starters) {
        if (hidden.has(id)) tables.drop(id);
        else tables.put(describeClam(id, manifest, "starter"));
      }
      tables.set("starters", stamp);
    });
  }

  /** `undefined` when the directory looks as it did (or is empty, left by a killed promotion). */
  async function readEntry(id: ClamId, known: string | undefined): Promise<Entry | undefined> {
    const stamp = `${(await clams.stat(id))?.modified}`;
    if (stamp === known) return undefined;
    try {
      const version = await shelf.current(id);
      if (version === undefined) return undefined;
      return describeClam(id, await shelf.manifest(id, version), stamp);
    } catch {
      return describeBroken(id, stamp); // `problems()` says what is wrong with it
    }
  }

  async function reread(tables: Tables, ids: readonly ClamId[]): Promise<void> {
    const own = ids.filter((id) => !starterIds.has(id));
    const entries = await Promise.all(own.map((id) => readEntry(id, undefined)));
    tables.together(() => {
      entries.forEach((entry, at) => entry ? tables.put(entry) : tables.drop(own[at] as ClamId));
    });
    if (own.length < ids.length) await settleStarters(tables);
  }

  return {
    query: (read) =>
      store.use(async (tables) => {
        if (!await isFresh(tables)) await clams.locked(".library", () => rescan(tables));
        return read(tables);
      }),
    change: (action) =>
      clams.locked(".library", async () => {
        const wasFresh = await store.use(async (tables) => {
          const fresh = await isFresh(tables);
          tables.set("stamp", ""); // a process that dies from here on leaves an index to be checked
          return fresh;
        });
        const ids = await action();
        await store.use(async (tables) => {
          await reread(tables, ids);
          // Not in tables that were opened afresh meanwhile: they still lack everything else.
          if (wasFresh && tables.get("stamp") === "") tables.set("stamp", await rootStamp());
        });
      }),
    close: () => store.close(),
  };
}

interface Store {
  /** Hands the tables out; when they turn out to be broken, empty ones and once more. */
  use<T>(work: (tables: Tables) => T | Promise<T>): Promise<T>;
  close(): void;
}

function openStore(state: Files): Store {
  let tables: Tables | undefined;

  async function openFile(): Promise<Tables> {
    await state.append(FILE, ""); // so that it is the owner's before anything is in it
    return tables ??= openTables(join(state.path, FILE));
  }

  async function open(): Promise<Tables> {
    if (tables) return tables;
    try {
      return await openFile();
    } catch {
      await remove();
    }
    try {
      return await openFile();
    } catch {
      return tables ??= openTables(":memory:"); // the place cannot be written: slower, no worse
    }
  }

  async function remove(): Promise<void> {
    for (const ending of ["", "-wal", "-shm"]) await state.remove(FILE + ending).catch(() => {});
  }

  async function startOver(broken: Tables): Promise<void> {
    if (tables !== broken) return;
    tables = undefined;
    try {
      broken.close();
    } finally {
      await remove();
    }
  }

  return {
    async use(work) {
      const first = await open();
      try {
        return await work(first);
      } catch (error) {
        if (!isDatabaseError(error)) throw error;
        await startOver(first);
        return await work(await open());
      }
    },
    close() {
      tables?.close();
      tables = undefined;
    },
  };
}

function isDatabaseError(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? `${error.code}` : "";
  return code.startsWith("ERR_SQLITE") || code === "ERR_INVALID_STATE";
}
