import type { Clam, ClamId, ClamOrigin, Draft } from "../domain/clam.ts";
import { CodedError } from "../domain/failure.ts";
import type { Build } from "./_builds.ts";
import { saveHidden } from "./_hidden.ts";
import { findStarter, type Parts, requireCurrent, requireOwn } from "./_parts.ts";
import { requireClamId } from "./_shelf.ts";
import { loadUsage, saveUse } from "./_usage.ts";
import { parseClamId } from "./id.ts";

/** Changing clams. Every change is one rename, and the older state is kept. */
export interface LibraryKeeper {
  /** Writes a draft down as the build of one attempt. It can be run but is not kept. */
  build(draft: Draft, origin: ClamOrigin): Promise<Build>;
  /**
   * Keeps exactly this build: as a new clam, or as the next version of `id`. Killed at any point,
   * it leaves the old version or the new one.
   */
  promote(build: Build, id?: string): Promise<Clam>;
  /** Throws a build away. */
  discard(build: Build): Promise<void>;
  /** Keeps a draft as a new clam. */
  add(draft: Draft, origin: ClamOrigin): Promise<Clam>;
  /** Keeps a draft as the next version; the older ones stay. */
  replace(id: string, draft: Draft): Promise<Clam>;
  /** Makes an older version count again, byte for byte. */
  rollback(id: string, version: number): Promise<Clam>;
  /** Makes what lies on disk now the next version, vouched for by the person. */
  adopt(id: string): Promise<Clam>;
  /** Moves a clam aside, to `clams/.removed`; a starter is hidden. */
  remove(id: string): Promise<void>;
  /**
   * Moves a clam aside that was used last at that time (milliseconds since 1970) and not since.
   * @returns `false`, with nothing changed, when it was
   */
  removeUnused(id: string, lastUsed: number): Promise<boolean>;
  /** Brings back what `remove` took away last under this id, as it was. */
  restore(id: string): Promise<ClamId>;
  /** Counts a successful use. */
  recordUse(id: string): Promise<void>;
}

export function openKeeper(parts: Parts): LibraryKeeper {
  const { builds } = parts;
  return {
    build: (draft, origin) => builds.create(draft, origin),
    promote: async (build, id) =>
      await keep(parts, build, id === undefined ? undefined : await requireOwn(parts, id)),
    discard: (build) => builds.discard(build),
    add: async (draft, origin) => await keep(parts, await builds.create(draft, origin)),
    replace: (id, draft) => replace(parts, id, draft),
    rollback: (id, version) => rollback(parts, id, version),
    adopt: (id) => adopt(parts, id),
    remove: (id) => remove(parts, id),
    removeUnused: (id, lastUsed) => removeUnused(parts, id, lastUsed),
    restore: (id) => restore(parts, id),
    recordUse: (id) => recordUse(parts, id),
  };
}

async function keep(parts: Parts, build: Build, into?: ClamId): Promise<Clam> {
  const { shelf, builds, lookup } = parts;
  let kept: Clam | undefined;
  await lookup.change(async () => {
    const id = into ?? await freshId(parts);
    const version = ((await shelf.versions(id)).at(-1) ?? 0) + 1;
    kept = await builds.promote(build, id, version);
    await shelf.setCurrent(id, version);
    return [id];
  });
  return kept as Clam;
}

async function freshId({ random, shelf }: Parts): Promise<ClamId> {
  for (;;) {
    const id = requireClamId(random.id());
    if ((await shelf.versions(id)).length === 0) return id;
  }
}

async function replace(parts: Parts, text: string, draft: Draft): Promise<Clam> {
  const id = await requireOwn(parts, text);
  const { origin } = await parts.shelf.manifest(id, await requireCurrent(parts.shelf, id));
  return await keep(parts, await parts.builds.create(draft, origin), id);
}

async function rollback(parts: Parts, text: string, version: number): Promise<Clam> {
  const id = await requireOwn(parts, text);
  const clam = await parts.shelf.clam(id, version);
  await parts.lookup.change(async () => {
    await parts.shelf.setCurrent(id, version);
    return [id];
  });
  return clam;
}

async function adopt(parts: Parts, text: string): Promise<Clam> {
  const id = await requireOwn(parts, text);
  const version = await requireCurrent(parts.shelf, id);
  const { origin } = await parts.shelf.manifest(id, version);
  // what was imported was read by the person as it came, and is taken as it came
  const found = origin === "imported"
    ? await parts.shelf.clam(id, version)
    : await parts.shelf.found(id, version);
  return await keep(parts, await parts.builds.create(found, "person"), id);
}

async function remove(parts: Parts, text: string): Promise<void> {
  const id = requireClamId(text);
  if (findStarter(parts, id)) return await hide(parts, id, true);
  await requireOwn(parts, text);
  await parts.lookup.change(async () => {
    await moveAside(parts, id);
    return [id];
  });
}

async function removeUnused(parts: Parts, text: string, lastUsed: number): Promise<boolean> {
  const id = await requireOwn(parts, text);
  let isUnused = false;
  await parts.lookup.change(async () => {
    isUnused = (await loadUsage(parts.clams)).get(id)?.lastUsed === lastUsed;
    if (isUnused) await moveAside(parts, id);
    return isUnused ? [id] : [];
  });
  return isUnused;
}

async function moveAside({ clams, clock }: Parts, id: ClamId): Promise<void> {
  await clams.move(id, `${REMOVED}/${id}-${clock.now()}`);
}

async function restore(parts: Parts, text: string): Promise<ClamId> {
  const id = requireClamId(text);
  if (findStarter(parts, id)) await hide(parts, id, false);
  else await parts.lookup.change(() => bringBack(parts, id));
  return id;
}

const REMOVED = ".removed";

async function bringBack({ clams, shelf, clock }: Parts, id: ClamId): Promise<ClamId[]> {
  const times = (await clams.list(REMOVED)).flatMap(({ name }) => {
    const digits = name.startsWith(`${id}-`) ? /^\d+$/.exec(name.slice(id.length + 1))?.[0] : "";
    return digits ? [Number(digits)] : [];
  });
  const isTaken = (await shelf.versions(id)).length > 0;
  if (times.length === 0 || isTaken) {
    throw new CodedError("clam_not_found", `There is no removed clam "${id}" to bring back.`);
  }
  await clams.move(`${REMOVED}/${id}-${Math.max(...times)}`, id);
  // whoever brings it back wants it: it counts as used, or it would be put away as unused again
  if ((await loadUsage(clams)).has(id)) await saveUse(clams, id, clock.now(), 0);
  return [id];
}

async function hide(parts: Parts, id: ClamId, isHidden: boolean): Promise<void> {
  await parts.lookup.change(async () => {
    await saveHidden(parts.clams, id, isHidden);
    return [id];
  });
}

async function recordUse(parts: Parts, text: string): Promise<void> {
  const id = parseClamId(text);
  if (!id) return;
  await parts.lookup.change(async () => {
    await saveUse(parts.clams, id, parts.clock.now());
    return [];
  });
}
