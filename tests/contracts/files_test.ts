import assert from "node:assert/strict";
import { openFiles } from "../../src/platform/files.ts";
import type { Files } from "../../src/platform/platform.ts";
import { MemoryDisk } from "../fakes/memory_disk.ts";

// The exam of `Files`: a directory on disk, and the one in memory that faults are tried on, must
// mean the same.

const EXAM: Readonly<Record<string, (files: Files) => Promise<void>>> = {
  async "what is not there is read as nothing"(files) {
    assert.equal(await files.readText("a/b"), undefined);
    assert.equal(await files.readBytes("a/b", 3), undefined);
    assert.equal(await files.stat("a/b"), undefined);
    assert.deepEqual(await files.list(), []);
    assert.deepEqual(await files.list("a"), []);
    await files.remove("a/b");
  },
  async "a file is replaced, added to, and read from a place on"(files) {
    await files.append("a/b.txt", "one");
    await files.append("a/b.txt", new TextEncoder().encode(" two"));
    assert.equal(await files.readText("a/b.txt"), "one two");
    assert.deepEqual(await files.readBytes("a/b.txt", 4), new TextEncoder().encode("two"));
    await files.replace("a/b.txt", "new");
    assert.equal(await files.under("a").readText("b.txt"), "new");
    const found = await files.stat("a/b.txt");
    assert.deepEqual([found?.kind, found?.size, found?.mode], ["file", 3, 0o600]);
    assert.equal((await files.stat("a"))?.kind, "directory");
  },
  async "entries are listed by name, with what they are"(files) {
    await files.replace("b", "");
    await files.makeDirectory("a/inner");
    assert.deepEqual(await files.list(), [
      { name: "a", kind: "directory" },
      { name: "b", kind: "file" },
    ]);
  },
  async "directories are moved and removed with what is in them"(files) {
    await files.replace("from/x/y", "1");
    await files.move("from", "to/there");
    assert.equal(await files.readText("to/there/x/y"), "1");
    assert.equal(await files.stat("from"), undefined);
    await files.remove("to");
    assert.equal(await files.stat("to/there/x/y"), undefined);
  },
  async "a path that leads out is refused, and a directory is no file"(files) {
    await assert.rejects(async () => await files.readText("../x"), RangeError);
    await files.makeDirectory("a");
    await assert.rejects(files.readText("a"), { name: "CodedError" });
    await assert.rejects(files.move("nothing", "b"), { name: "CodedError" });
  },
  async "a lock is held by one at a time, and left at the signal"(files) {
    const stop = new AbortController();
    await files.locked("one", async () => {
      const left = files.locked("one", () => Promise.resolve(), stop.signal);
      stop.abort(new Error("left"));
      await assert.rejects(left, /left/);
    });
    assert.equal(await files.locked("one", () => Promise.resolve(1)), 1);
  },
};

for (const [promise, check] of Object.entries(EXAM)) {
  Deno.test(`files on disk: ${promise}`, async () => {
    const path = await Deno.realPath(await Deno.makeTempDir());
    await check(openFiles(path)).finally(() => Deno.remove(path, { recursive: true }));
  });
  Deno.test(`files in memory: ${promise}`, () => check(new MemoryDisk().openFiles("/home")));
}
