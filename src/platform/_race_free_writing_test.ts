import assert from "node:assert/strict";
import { waitingSignal } from "../../tests/fakes/stepping_signal.ts";
import { withSwappedDisk } from "../../tests/fakes/swapped_disk.ts";

// What another process does while something is written, step by step.

const never = new AbortController().signal;
const bytes = (text: string) => new TextEncoder().encode(text);

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return -1;
  }
}

Deno.test("what somebody else writes while the new content is written is not replaced", () =>
  withSwappedDisk(async ({ root, workspace, ownNames }) => {
    const place = await workspace.locate(`${root}/d/f`, never);
    const isWritten = () => ownNames().some((name) => sizeOf(`${root}/d/${name}`) === 4);
    const signal = waitingSignal(isWritten, () => Deno.writeTextFileSync(`${root}/d/f`, "theirs"));
    await assert.rejects(workspace.replace(place, bytes("mine"), signal), { code: "file_changed" });
    assert.equal(await Deno.readTextFile(`${root}/d/f`), "theirs");
    assert.deepEqual(ownNames(), []);
  }));

Deno.test("no content is written where the directory has come to lead outside", () =>
  withSwappedDisk(async ({ root, outside, workspace, leadAway, ownNames }) => {
    const place = await workspace.locate(`${root}/d/f`, never);
    const taken: string[] = [];
    // the empty file stands: it goes along outside, under its name
    const signal = waitingSignal(() => ownNames().length > 0, () => {
      taken.push(...ownNames());
      leadAway();
      for (const name of taken) Deno.linkSync(`${root}/aside/${name}`, `${outside}/d/${name}`);
    });
    await assert.rejects(workspace.replace(place, bytes("mine"), signal), { code: "file_changed" });
    assert.equal(taken.length, 1);
    assert.deepEqual(taken.map((name) => sizeOf(`${root}/aside/${name}`)), [0]);
    assert.equal(await Deno.readTextFile(`${outside}/d/f`), "CANARY");
    assert.equal(await Deno.readTextFile(`${root}/aside/f`), "inside");
  }));

Deno.test("content that stands elsewhere in the end is not told as written", () =>
  withSwappedDisk(async ({ root, workspace, leadAway }) => {
    const place = await workspace.locate(`${root}/d/f`, never);
    const signal = waitingSignal(() => sizeOf(`${root}/d/f`) === 4, leadAway);
    await assert.rejects(workspace.replace(place, bytes("mine"), signal), { code: "file_changed" });
  }));

for (const content of ["inside", "longer than before"]) {
  Deno.test(`a file that was written to (${content}) since it was found is not replaced`, () =>
    withSwappedDisk(async ({ root, workspace }) => {
      const path = `${root}/d/f`;
      const place = await workspace.locate(path, never);
      const { mtime } = await Deno.stat(path);
      await Deno.writeTextFile(path, content);
      // equal sizes differ in time, and equal times in size
      if (content.length === "inside".length) await Deno.utime(path, 1, 1);
      else await Deno.utime(path, mtime ?? 0, mtime ?? 0);
      const writing = workspace.replace(place, bytes("mine"), never);
      await assert.rejects(writing, { code: "file_changed" });
      assert.equal(await Deno.readTextFile(path), content);
    }));
}

Deno.test("another directory that came in place of the one above is not written to", () =>
  withSwappedDisk(async ({ root, outside, workspace }) => {
    for (const name of ["f", "new", "sub/new"]) {
      const place = await workspace.locate(`${root}/d/${name}`, never);
      await Deno.rename(`${root}/d`, `${root}/aside`);
      await Deno.rename(`${outside}/d`, `${root}/d`);
      const writing = workspace.replace(place, bytes("mine"), never);
      await assert.rejects(writing, { code: "file_changed" });
      assert.equal(await Deno.readTextFile(`${root}/d/f`), "CANARY");
      assert.ok(
        !(await Array.fromAsync(Deno.readDir(`${root}/d`))).some((one) => one.name === "new"),
      );
      await Deno.rename(`${root}/d`, `${outside}/d`);
      await Deno.rename(`${root}/aside`, `${root}/d`);
    }
  }));

for (const rival of ["a link", "an empty directory", "a directory with one of its name"]) {
  Deno.test(`a directory above which ${rival} came as it was made is not told as made`, () =>
    withSwappedDisk(async ({ root, outside, workspace, leadAway }) => {
      const place = await workspace.locate(`${root}/d/new`, never);
      if (rival === "a directory with one of its name") await Deno.mkdir(`${outside}/d/new`);
      const swap = () => {
        Deno.renameSync(`${root}/d`, `${root}/aside`);
        Deno.renameSync(`${outside}/d`, `${root}/d`);
      };
      const signal = waitingSignal(
        () => sizeOf(`${root}/d/new`) >= 0,
        rival === "a link" ? leadAway : swap,
      );
      await assert.rejects(workspace.makeDirectory(place, signal), { code: "file_changed" });
    }));
}
