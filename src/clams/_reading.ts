import type { Clam, ClamId, ClamManifest } from "../domain/clam.ts";
import { CodedError, type Failure } from "../domain/failure.ts";
import { findStarter, getClam, type Parts, requireCurrent } from "./_parts.ts";
import { requireClamId, type Shelf } from "./_shelf.ts";
import { type ClamUse, loadUsage } from "./_usage.ts";
import { parseClamId } from "./id.ts";
import { loadHidden } from "./_hidden.ts";

/** A clam as lists show it. */
export interface ListedClam {
  readonly id: ClamId;
  readonly manifest: ClamManifest;
  readonly usage: ClamUse;
}

/** One kept version of a clam. */
export interface ClamVersion {
  readonly version: number;
  readonly sha256: string;
  readonly createdAt: string;
  readonly isCurrent: boolean;
}

/** A directory that is no usable clam, and why. */
export interface ClamProblem {
  readonly directory: string;
  readonly failure: Failure;
}

/** Looking at clams. */
export interface LibraryReader {
  /**
   * The version that counts, script and manifest checked against each other.
   * @throws {CodedError} `clam_not_found`, `clam_malformed`, `clam_changed`,
   * `incompatible_language`
   */
  get(id: string): Promise<Clam>;
  /** By exact id, else by the beginning of one id only, else by the name of one only. */
  find(idOrName: string): Promise<Clam | undefined>;
  /** The id that `find` would take, also of a clam that cannot be run. */
  findId(idOrName: string): Promise<ClamId | undefined>;
  /**
   * A version for looking at, the one that counts when none is named: as it lies on disk, whether
   * or not it is what was kept.
   * @throws {CodedError} `clam_not_found`, `clam_malformed`
   */
  look(id: string, version?: number): Promise<Clam>;
  /** Everything that can be read, own clams first. Scripts are not looked at. */
  list(): Promise<readonly ListedClam[]>;
  /** All versions, oldest first. */
  history(id: string): Promise<readonly ClamVersion[]>;
  /** Any version, checked like the one that counts. */
  version(id: string, version: number): Promise<Clam>;
  /** Uses of all clams that were ever used. */
  usage(): Promise<ReadonlyMap<ClamId, ClamUse>>;
  /** Everything under `clams/` that should be a clam and is not, or whose script has changed. */
  problems(): Promise<readonly ClamProblem[]>;
}

export function openReader(parts: Parts): LibraryReader {
  return {
    get: (id) => getClam(parts, id),
    find: async (idOrName) => {
      const id = await findId(parts, idOrName);
      return id && await getClam(parts, id);
    },
    findId: (idOrName) => findId(parts, idOrName),
    look: (id, version) => lookAt(parts, id, version),
    list: () => listClams(parts),
    history: (id) => readHistory(parts, id),
    version: (id, version) => readVersion(parts, id, version),
    usage: () => loadUsage(parts.clams),
    problems: () => findProblems(parts),
  };
}

async function findId(parts: Parts, idOrName: string): Promise<ClamId | undefined> {
  if (idOrName === "") return undefined;
  const starter = findStarter(parts, idOrName);
  if (starter) return starter.id;
  return await parts.lookup.query((tables) => {
    const byId = tables.byPrefix(idOrName, 2);
    if (byId[0] === idOrName) return byId[0];
    const found = byId.length > 0 ? byId : tables.byName(idOrName.toLowerCase());
    return found.length === 1 ? found[0] : undefined;
  });
}

async function lookAt(parts: Parts, text: string, version?: number): Promise<Clam> {
  const id = requireClamId(text);
  const starter = findStarter(parts, id);
  if (starter && (version ?? starter.manifest.version) === starter.manifest.version) return starter;
  return await parts.shelf.found(id, version ?? await requireCurrent(parts.shelf, id));
}

const BATCH = 50;

async function listClams(parts: Parts): Promise<ListedClam[]> {
  const usage = await loadUsage(parts.clams);
  const hidden = await loadHidden(parts.clams);
  const own = await eachName(parts, async (id) => {
    const manifest = await parts.shelf.manifest(id, await requireCurrent(parts.shelf, id));
    return { id, manifest };
  });
  const found = own.flatMap((one) => one.ok ? [one.value] : []);
  const shown = parts.starters.filter((starter) => !hidden.has(starter.id));
  return [...found, ...shown].map(({ id, manifest }) => ({
    id,
    manifest,
    usage: usage.get(id) ?? { count: 0, lastUsed: 0 },
  }));
}

async function findProblems(parts: Parts): Promise<ClamProblem[]> {
  const tried = await eachName(parts, async (id) => {
    await parts.shelf.clam(id, await requireCurrent(parts.shelf, id));
  });
  return tried.flatMap((one) => one.ok ? [] : [{ directory: one.name, failure: one.failure }]);
}

type Tried<T> =
  | { ok: true; name: string; value: T }
  | { ok: false; name: string; failure: Failure };

/** Tries every directory; one that is broken never hides the others. */
async function eachName<T>(parts: Parts, read: (id: ClamId) => Promise<T>): Promise<Tried<T>[]> {
  const names = await parts.shelf.names();
  const tried: Tried<T>[] = [];
  for (let at = 0; at < names.length; at += BATCH) {
    const batch = names.slice(at, at + BATCH).map((name) => tryName(parts, name, read));
    tried.push(...(await Promise.all(batch)).filter((one) => one !== undefined));
  }
  return tried;
}

async function tryName<T>(
  parts: Parts,
  name: string,
  read: (id: ClamId) => Promise<T>,
): Promise<Tried<T> | undefined> {
  const id = parseClamId(name);
  if (!id) return { ok: false, name, failure: malformed("its name is no clam's id") };
  if (findStarter(parts, id)) {
    return { ok: false, name, failure: malformed("its name is that of a starter clam") };
  }
  if (await isEmpty(parts.shelf, parts, id)) return undefined;
  try {
    return { ok: true, name, value: await read(id) };
  } catch (error) {
    const failure = error instanceof CodedError
      ? error.failure
      : malformed((error as Error).message);
    return { ok: false, name, failure };
  }
}

/** A promotion that was killed early leaves an empty directory behind. */
async function isEmpty(shelf: Shelf, parts: Parts, id: ClamId): Promise<boolean> {
  return (await shelf.versions(id)).length === 0 && (await parts.clams.list(id)).length === 0;
}

function malformed(reason: string): Failure {
  return { code: "clam_malformed", message: `This directory is no clam: ${reason}.` };
}

async function readHistory(parts: Parts, text: string): Promise<ClamVersion[]> {
  const id = requireClamId(text);
  const starter = findStarter(parts, id);
  if (starter) return [describe(starter.manifest, starter.manifest.version)];
  const current = await requireCurrent(parts.shelf, id);
  const versions = await parts.shelf.versions(id);
  const clams = await Promise.all(versions.map((version) => parts.shelf.found(id, version)));
  return clams.map(({ manifest }) => describe(manifest, current));
}

function describe(manifest: ClamManifest, current: number): ClamVersion {
  const { version, sha256, createdAt } = manifest;
  return { version, sha256, createdAt, isCurrent: version === current };
}

async function readVersion(parts: Parts, text: string, version: number): Promise<Clam> {
  const id = requireClamId(text);
  const starter = findStarter(parts, id);
  if (starter?.manifest.version === version) return starter;
  return await parts.shelf.clam(id, version);
}
