import type { Clam, ClamId } from "../domain/clam.ts";
import { CodedError } from "../domain/failure.ts";
import type { Clock, Files, Random } from "../platform/platform.ts";
import type { Builds } from "./_builds.ts";
import type { Lookup } from "./_lookup.ts";
import { requireClamId, type Shelf } from "./_shelf.ts";

/** What the library is put together from. */
export interface Parts {
  readonly clams: Files;
  readonly shelf: Shelf;
  readonly builds: Builds;
  readonly lookup: Lookup;
  readonly starters: readonly Clam[];
  readonly clock: Clock;
  readonly random: Random;
}

/** The starter of this id, if it is one. */
export function findStarter({ starters }: Pick<Parts, "starters">, id: string): Clam | undefined {
  return starters.find((starter) => starter.id === id);
}

/** @throws {CodedError} `clam_not_found` */
export async function requireCurrent(shelf: Shelf, id: ClamId): Promise<number> {
  const version = await shelf.current(id);
  if (version !== undefined) return version;
  throw notFound(id);
}

function notFound(id: ClamId): CodedError {
  const hint = "`clambot clams list` shows all clams.";
  return new CodedError("clam_not_found", `There is no clam "${id}".`, hint);
}

/** The id of a clam on disk that may be changed. */
export async function requireOwn(parts: Parts, text: string): Promise<ClamId> {
  const id = requireClamId(text);
  if (findStarter(parts, id)) {
    throw new CodedError("usage", `The clam "${id}" comes with ClamBot and cannot be changed.`);
  }
  if ((await parts.shelf.versions(id)).length === 0) throw notFound(id);
  return id;
}

/**
 * The version that counts, or the starter.
 * @throws {CodedError} also `clam_quarantined`, and `incompatible_language`: its text would mean
 * something else here
 */
export async function getClam(parts: Parts, text: string): Promise<Clam> {
  const id = requireClamId(text);
  const starter = findStarter(parts, id);
  if (starter) return starter;
  const clam = await parts.shelf.clam(id, await requireCurrent(parts.shelf, id));
  const { language, origin } = clam.manifest;
  if (!/^(?:javascript|js)$/i.test(language.trim())) {
    throw new CodedError(
      "incompatible_language",
      `The clam "${id}" is written in ${JSON.stringify(language)}; only JavaScript runs.`,
    );
  }
  if (origin !== "imported") return clam;
  throw new CodedError(
    "clam_quarantined",
    `The clam "${id}" comes from elsewhere and is in quarantine: nothing runs it.`,
    `Read it with clambot clams show ${id}; clambot clams adopt ${id} lets it run.`,
  );
}
