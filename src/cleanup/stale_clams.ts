import type { Library, ListedClam } from "../clams/library.ts";
import type { Clock } from "../platform/platform.ts";
import { DAY_MS, oldBefore } from "./ages.ts";
import type { Cleaning } from "./cleanup.ts";

/** What is needed to find clams that nobody uses. */
export interface StaleClamsPorts {
  readonly library: Pick<Library, "list" | "removeUnused">;
  readonly clock: Pick<Clock, "now">;
}

/**
 * Clams of one's own that were used once and not for so many days (0: none). What was never used may
 * be meant for later and stays. `clams restore` brings one back.
 */
export function staleClams({ library, clock }: StaleClamsPorts, days: number): Cleaning {
  return {
    kind: "clam",
    async find(references) {
      const before = oldBefore(clock.now(), days, DAY_MS);
      if (before === undefined) return [];
      const old = (await library.list()).filter((one) => isOwn(one) && lastTouched(one) < before);
      if (old.length === 0) return [];
      const { clams } = await references();
      return old.filter(({ id }) => !clams.has(id))
        .map(({ id, usage }) => ({ kind: "clam", name: id, lastUsed: usage.lastUsed }));
    },
    putAway: ({ name, lastUsed }) => library.removeUnused(name, lastUsed),
  };
}

function isOwn({ manifest, usage }: ListedClam): boolean {
  return manifest.origin !== "starter" && usage.count > 0;
}

/** A new version counts like a use. */
function lastTouched({ manifest, usage }: ListedClam): number {
  return Math.max(usage.lastUsed, Date.parse(manifest.createdAt) || 0);
}
