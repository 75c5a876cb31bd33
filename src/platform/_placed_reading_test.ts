import assert from "node:assert/strict";
import { steppingSignal } from "../../tests/fakes/stepping_signal.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

// What another process does between the look and the use, step by step. `tests/attacks/T25_*` have
// it done by a real second process, at moments that chance chooses.

const never = new AbortController().signal;

interface Disk {
  readonly root: string;
  /** A directory beside the root, with files of the same names. */
  readonly outside: string;
  readonly workspace: Workspace;
}

async function withDisk(test: (disk: Disk) => Promise<void>): Promise<void> {
  const base = await Deno.realPath(await Deno.makeTempDir());
  const [root, outside] = [`${base}/root`, `${base}/outside`];
  try {
    for (const directory of [`${root}/d`, `${outside}/d`]) {
      await Deno.mkdir(directory, { recursive: true });
    }
    await Deno.writeTextFile(`${root}/d/f`, "inside");
    await Deno.writeTextFile(`${outside}/d/f`, "CANARY");
    await test({ root, outside, workspace: openWorkspace(root) });
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

async function read({ root, workspace }: Disk, signal: AbortSignal): Promise<string> {
  const place = await workspace.locate(`${root}/d/f`, never);
  return new TextDecoder().decode(await workspace.read(place, 100, signal));
}

Deno.test("a file that is opened through a link, gone again before the second look, is not read", () =>
  withDisk(async (disk) => {
    const { root, outside } = disk;
    const leadAway = () => {
      Deno.renameSync(`${root}/d`, `${root}/aside`);
      Deno.symlinkSync(`${outside}/d`, `${root}/d`);
    };
    const putBack = () => {
      Deno.removeSync(`${root}/d`);
      Deno.renameSync(`${root}/aside`, `${root}/d`);
    };
    const reading = read(disk, steppingSignal(leadAway, putBack));
    await assert.rejects(reading, { code: "file_changed" });
  }));

Deno.test("the very file that was found is not read where it has been taken out of the workspace", () =>
  withDisk(async (disk) => {
    const { root, outside } = disk;
    const takeOut = () => {
      Deno.renameSync(`${root}/d`, `${outside}/taken`);
      Deno.symlinkSync(`${outside}/taken`, `${root}/d`);
    };
    await assert.rejects(read(disk, steppingSignal(takeOut)), { code: "file_changed" });
  }));

Deno.test("a file that stands outside, below the root by a link since it was found, is not read", () =>
  withDisk(async (disk) => {
    const { root, outside } = disk;
    const leadAway = () => {
      Deno.renameSync(`${root}/d`, `${root}/aside`);
      Deno.symlinkSync(`${outside}/d`, `${root}/d`);
    };
    await assert.rejects(read(disk, steppingSignal(leadAway)), { code: "file_changed" });
  }));

Deno.test("only files are read: a pipe that was found as such is none", () =>
  withDisk(async ({ root, workspace }) => {
    const { success } = await new Deno.Command("mkfifo", { args: [`${root}/d/pipe`] }).output();
    assert.ok(success);
    const place = await workspace.locate(`${root}/d/pipe`, never);
    assert.equal(place.found?.kind, "other");
    await assert.rejects(workspace.read(place, 100, never), { code: "file_changed" });
  }));

for (const whose of ["directory", "directory above"] as const) {
  Deno.test(`another directory that came in place of the ${whose} is not listed`, () =>
    withDisk(async ({ root, outside, workspace }) => {
      await Deno.mkdir(`${root}/d/e`);
      await Deno.mkdir(`${outside}/d/e`);
      await Deno.writeTextFile(`${outside}/d/e/CANARY`, "");
      const way = whose === "directory" ? "d/e" : "d";
      const place = await workspace.locate(`${root}/d/e`, never);
      await Deno.rename(`${root}/${way}`, `${root}/aside`);
      await Deno.rename(`${outside}/${way}`, `${root}/${way}`);
      await assert.rejects(workspace.list(place, 10, never), { code: "file_changed" });
    }));
}
