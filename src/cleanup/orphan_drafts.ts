import type { Clock, Files } from "../platform/platform.ts";
import { sha256Hex } from "../text/canonical_json.ts";
import { HOUR_MS, oldBefore } from "./ages.ts";
import { moveToArchive } from "./archive.ts";
import type { Cleaning, Leftover } from "./cleanup.ts";

/** Where drafts lie. */
export interface OrphanDraftsPorts {
  readonly workspace: Files;
  readonly clock: Pick<Clock, "now">;
}

/**
 * Drafts of attempts that ended without being kept, so many hours ago (0: none). The draft of a run
 * that stands open stays: it is kept once that run has its answer.
 */
export function orphanDrafts({ workspace, clock }: OrphanDraftsPorts, hours: number): Cleaning {
  const build = workspace.under("build");

  async function listOld(before: number): Promise<Leftover[]> {
    const old: Leftover[] = [];
    for (const { name } of await build.list()) {
      const found = await build.stat(name);
      if (!found || found.modified >= before) continue;
      old.push({ kind: "draft", name, lastUsed: found.modified });
    }
    return old;
  }

  async function scriptOf(name: string): Promise<string> {
    const script = await build.stat(`${name}/run.js`);
    const bytes = script?.kind === "file" ? await build.readBytes(`${name}/run.js`) : undefined;
    return bytes ? await sha256Hex(bytes) : "";
  }

  return {
    kind: "draft",
    async find(references) {
      const before = oldBefore(clock.now(), hours, HOUR_MS);
      const old = before === undefined ? [] : await listOld(before);
      if (old.length === 0) return [];
      const { scripts } = await references();
      const orphans: Leftover[] = [];
      for (const one of old) {
        if (!scripts.has(await scriptOf(one.name))) orphans.push(one);
      }
      return orphans;
    },
    async putAway({ name, lastUsed }) {
      if ((await build.stat(name))?.modified !== lastUsed) return false;
      await moveToArchive(workspace, `build/${name}`, clock.now());
      return true;
    },
  };
}
