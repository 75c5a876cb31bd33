import assert from "node:assert/strict";
import { steppingSignal } from "../../tests/fakes/stepping_signal.ts";
import { type SwappedDisk, withSwappedDisk } from "../../tests/fakes/swapped_disk.ts";

// What another process does between the look and the use, step by step. `tests/attacks/T25_*` have
// it done by a real second process, at moments that chance chooses.

const never = new AbortController().signal;

async function read({ root, workspace }: SwappedDisk, signal: AbortSignal): Promise<string> {
  const place = await workspace.locate(`${root}/d/f`, never);
  return new TextDecoder().decode(await workspace.read(place, 100, signal));
}

Deno.test("a file that is opened through a link, gone again before the second look, is not read", () =>
  withSwappedDisk(async (disk) => {
    const reading = read(disk, steppingSignal(disk.leadAway, disk.putBack));
    await assert.rejects(reading, { code: "file_changed" });
  }));

Deno.test("the very file that was found is not read where it has been taken out of the workspace", () =>
  withSwappedDisk(async (disk) => {
    const { root, outside } = disk;
    const takeOut = () => {
      Deno.renameSync(`${root}/d`, `${outside}/taken`);
      Deno.symlinkSync(`${outside}/taken`, `${root}/d`);
    };
    await assert.rejects(read(disk, steppingSignal(takeOut)), { code: "file_changed" });
  }));

Deno.test("a file that stands outside, below the root by a link since it was found, is not read", () =>
  withSwappedDisk(async (disk) => {
    await assert.rejects(read(disk, steppingSignal(disk.leadAway)), { code: "file_changed" });
  }));

Deno.test("only files are read: a pipe that was found as such is none", () =>
  withSwappedDisk(async ({ root, workspace }) => {
    const { success } = await new Deno.Command("mkfifo", { args: [`${root}/d/pipe`] }).output();
    assert.ok(success);
    const place = await workspace.locate(`${root}/d/pipe`, never);
    assert.equal(place.found?.kind, "other");
    await assert.rejects(workspace.read(place, 100, never), { code: "file_changed" });
  }));

for (const whose of ["directory", "directory above"] as const) {
  Deno.test(`another directory that came in place of the ${whose} is not listed`, () =>
    withSwappedDisk(async ({ root, outside, workspace }) => {
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

Deno.test("the very file that was found is not read in another directory of the same name", () =>
  withSwappedDisk(async (disk) => {
    const { root } = disk;
    const swap = () => {
      Deno.renameSync(`${root}/d`, `${root}/aside`);
      Deno.mkdirSync(`${root}/d`);
      Deno.renameSync(`${root}/aside/f`, `${root}/d/f`);
    };
    await assert.rejects(read(disk, steppingSignal(swap)), { code: "file_changed" });
  }));

Deno.test("nothing is found by way of a link, so a link that came after a path was resolved leads nowhere", () =>
  withSwappedDisk(async ({ root, workspace, leadAway }) => {
    const path = await workspace.resolve(`${root}/d/f`);
    assert.equal(path, `${root}/d/f`);
    leadAway();
    await assert.rejects(workspace.locate(path, never), { code: "file_changed" });
  }));
