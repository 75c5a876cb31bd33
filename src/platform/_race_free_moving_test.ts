import assert from "node:assert/strict";
import { waitingSignal } from "../../tests/fakes/stepping_signal.ts";
import { type SwappedDisk, withSwappedDisk } from "../../tests/fakes/swapped_disk.ts";

// What another process does while something is taken, moved or brought, step by step.

const never = new AbortController().signal;

/** Once a holder stands, another file comes in place of `d/f`. */
function swapFile({ root, ownNames }: SwappedDisk): AbortSignal {
  return waitingSignal(() => ownNames().length > 0, () => {
    Deno.writeTextFileSync(`${root}/theirs`, "theirs");
    Deno.renameSync(`${root}/theirs`, `${root}/d/f`);
  });
}

Deno.test("another file that came in place of the one that was found is not taken out", () =>
  withSwappedDisk(async (disk) => {
    const { root, outside, workspace } = disk;
    const place = await workspace.locate(`${root}/d/f`, never);
    const taking = workspace.takeOut(place, `${outside}/taken`, swapFile(disk));
    await assert.rejects(taking, { code: "file_changed" });
    assert.equal(await Deno.readTextFile(`${root}/d/f`), "theirs");
    await assert.rejects(Deno.lstat(`${outside}/taken`));
    assert.deepEqual(disk.ownNames(), []);
  }));

Deno.test("another file that came in place of the one that was found is not moved", () =>
  withSwappedDisk(async (disk) => {
    const { root, workspace } = disk;
    const place = await workspace.locate(`${root}/d/f`, never);
    const target = await workspace.locate(`${root}/moved`, never);
    const moving = workspace.move(place, target, swapFile(disk));
    await assert.rejects(moving, { code: "file_changed" });
    assert.equal(await Deno.readTextFile(`${root}/d/f`), "theirs");
    await assert.rejects(Deno.lstat(`${root}/moved`));
  }));

Deno.test("a file that was written to since it was found is not taken out", () =>
  withSwappedDisk(async ({ root, outside, workspace }) => {
    const place = await workspace.locate(`${root}/d/f`, never);
    await Deno.writeTextFile(`${root}/d/f`, "more than before");
    const taking = workspace.takeOut(place, `${outside}/taken`, never);
    await assert.rejects(taking, { code: "file_changed" });
    assert.equal(await Deno.readTextFile(`${root}/d/f`), "more than before");
  }));

Deno.test("something else that came in place of what is brought in stays where it is", () =>
  withSwappedDisk(async ({ root, outside, workspace, ownNames }) => {
    const place = await workspace.locate(`${root}/d/new`, never);
    await Deno.writeTextFile(`${outside}/mine`, "mine");
    const signal = waitingSignal(() => ownNames().length > 0, () => {
      Deno.writeTextFileSync(`${outside}/other`, "CANARY");
      Deno.renameSync(`${outside}/other`, `${outside}/mine`);
    });
    const bringing = workspace.bringIn(`${outside}/mine`, place, signal);
    await assert.rejects(bringing, { code: "file_changed" });
    await assert.rejects(Deno.lstat(`${root}/d/new`));
    assert.equal(await Deno.readTextFile(`${outside}/mine`), "CANARY");
  }));

Deno.test("what stands elsewhere in the end is not told as brought in", () =>
  withSwappedDisk(async ({ root, outside, workspace, leadAway }) => {
    const place = await workspace.locate(`${root}/d/new`, never);
    await Deno.writeTextFile(`${outside}/mine`, "mine");
    const stands = () => {
      try {
        return Deno.lstatSync(`${root}/d/new`).isFile;
      } catch {
        return false;
      }
    };
    const bringing = workspace.bringIn(
      `${outside}/mine`,
      place,
      waitingSignal(stands, leadAway),
    );
    await assert.rejects(bringing, { code: "file_changed" });
  }));
