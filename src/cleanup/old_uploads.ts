import type { Clock, Files } from "../platform/platform.ts";
import { DAY_MS, oldBefore } from "./ages.ts";
import { moveToArchive } from "./archive.ts";
import type { Cleaning, Leftover } from "./cleanup.ts";
import { isNamed } from "./references.ts";

/** Where uploads lie, and who may still speak of them. */
export interface OldUploadsPorts {
  readonly workspace: Files;
  readonly clock: Pick<Clock, "now">;
  /** Everything that is said in the conversations that are kept. */
  said(): Promise<readonly string[]>;
}

/** Directories in each other that are looked into. */
const DEEPEST = 4;

/**
 * Files that somebody sent so many days ago (0: none), and that no job, lease, open run, clam or
 * conversation names.
 */
export function oldUploads({ workspace, clock, said }: OldUploadsPorts, days: number): Cleaning {
  const uploads = workspace.under("upload");

  async function listOld(before: number, below: string, depth: number): Promise<Leftover[]> {
    const old: Leftover[] = [];
    for (const { name, kind } of await uploads.list(below)) {
      const path = below === "." ? name : `${below}/${name}`;
      if (kind === "directory" && depth < DEEPEST) {
        old.push(...await listOld(before, path, depth + 1));
      }
      const found = kind === "file" ? await uploads.stat(path) : undefined;
      if (found && found.modified < before) {
        old.push({ kind: "upload", name: path, lastUsed: found.modified });
      }
    }
    return old;
  }

  return {
    kind: "upload",
    async find(references) {
      const before = oldBefore(clock.now(), days, DAY_MS);
      const old = before === undefined ? [] : await listOld(before, ".", 0);
      if (old.length === 0) return [];
      const texts = [...(await references()).texts, ...await said()];
      return old.filter(({ name }) => !isNamed(name.split("/").at(-1) ?? name, texts));
    },
    async putAway({ name, lastUsed }) {
      if ((await uploads.stat(name))?.modified !== lastUsed) return false;
      await moveToArchive(workspace, `upload/${name}`, clock.now());
      return true;
    },
  };
}
