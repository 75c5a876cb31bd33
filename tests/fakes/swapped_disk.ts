import { openWorkspace, type Workspace } from "../../src/platform/workspace.ts";

/** A workspace with a directory `d` and a file `d/f`, and others of the same names beside it. */
export interface SwappedDisk {
  readonly root: string;
  /** A directory beside the root, with files of the same names. */
  readonly outside: string;
  readonly workspace: Workspace;
  /** Puts a link to the outside in place of `d`, which is kept as `aside`. */
  leadAway(): void;
  /** Takes that back. */
  putBack(): void;
  /** The names below the root's `d` that ClamBot made up. */
  ownNames(): string[];
}

/** Makes one, works with it, and removes it. */
export async function withSwappedDisk(work: (disk: SwappedDisk) => Promise<void>): Promise<void> {
  const base = await Deno.realPath(await Deno.makeTempDir());
  const [root, outside] = [`${base}/root`, `${base}/outside`];
  try {
    for (const directory of [`${root}/d`, `${outside}/d`]) {
      await Deno.mkdir(directory, { recursive: true });
    }
    await Deno.writeTextFile(`${root}/d/f`, "inside");
    await Deno.writeTextFile(`${outside}/d/f`, "CANARY");
    await work({
      root,
      outside,
      workspace: openWorkspace(root),
      leadAway() {
        Deno.renameSync(`${root}/d`, `${root}/aside`);
        Deno.symlinkSync(`${outside}/d`, `${root}/d`);
      },
      putBack() {
        Deno.removeSync(`${root}/d`);
        Deno.renameSync(`${root}/aside`, `${root}/d`);
      },
      ownNames: () =>
        [...Deno.readDirSync(`${root}/d`)].map(({ name }) => name)
          .filter((name) => name.startsWith(".clambot-")),
    });
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}
