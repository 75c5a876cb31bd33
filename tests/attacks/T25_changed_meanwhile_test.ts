import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import { type FsWorld, openFsWorld } from "../fakes/fs_world.ts";

// T25: while the question is open, another process changes what was asked for (S17).

const SHOWN = "what was shown\n";
const OTHER = "something else\n"; // of the same length

/** What the other process does; it sets the time of the file back in the end. */
const CHANGES: Readonly<Record<string, (path: string) => Promise<void>>> = {
  "overwritten in place": (path) => Deno.writeTextFile(path, OTHER),
  "removed and made anew": async (path) => {
    await Deno.remove(path);
    await Deno.writeTextFile(path, OTHER); // on most disks the number of the file comes back
  },
  "replaced by a rename": async (path) => {
    await Deno.writeTextFile(`${path}.new`, OTHER);
    await Deno.rename(`${path}.new`, path);
  },
};

const CALLS: readonly JsonObject[] = [
  { operation: "read", path: "a.txt" },
  { operation: "write", path: "a.txt", content: "new" },
  { operation: "append", path: "a.txt", content: "more" },
  { operation: "edit", path: "a.txt", old_text: "shown", new_text: "seen" },
  { operation: "move", path: "a.txt", to: "b.txt" },
  { operation: "delete", path: "a.txt" },
];

for (const [what, change] of Object.entries(CHANGES)) {
  for (const call of CALLS) {
    Deno.test(`a file that is ${what} before the yes is not the one to ${call.operation}`, async () => {
      await using world = await openFsWorld();
      const path = `${world.root}/a.txt`;
      await Deno.writeTextFile(path, SHOWN);
      const prepared = await world.prepare(call);
      await backInTime(path, () => change(path));
      const ending = await world.run(prepared);
      assert.equal(ending.kind === "failure" && ending.code, "file_changed");
      await assertOnly(world, { "a.txt": OTHER });
    });
  }
}

Deno.test("what is put into a directory before the yes does not go with it", async () => {
  await using world = await openFsWorld();
  await Deno.mkdir(`${world.root}/d`);
  await Deno.writeTextFile(`${world.root}/d/a.txt`, SHOWN);
  const prepared = await world.prepare({ operation: "delete", path: "d", recursive: true });
  await Deno.writeTextFile(`${world.root}/d/b.txt`, OTHER);
  const ending = await world.run(prepared);
  assert.equal(ending.kind === "failure" && ending.code, "file_changed");
  assert.equal(await Deno.readTextFile(`${world.root}/d/b.txt`), OTHER);
});

Deno.test("what is not changed is done after the yes", async () => {
  for (const call of CALLS) {
    await using world = await openFsWorld();
    await Deno.writeTextFile(`${world.root}/a.txt`, SHOWN);
    assert.equal((await world.run(await world.prepare(call))).kind, "result");
  }
});

async function backInTime(path: string, change: () => Promise<void>): Promise<void> {
  const { atime, mtime } = await Deno.stat(path);
  await change();
  await Deno.utime(path, atime ?? 0, mtime ?? 0);
}

async function assertOnly(world: FsWorld, files: Readonly<Record<string, string>>) {
  const found: Record<string, string> = {};
  for await (const { name } of Deno.readDir(world.root)) {
    found[name] = await Deno.readTextFile(`${world.root}/${name}`);
  }
  assert.deepEqual(found, files);
}
