import { NOBODY_TO_ASK } from "../../../tests/fakes/alone.ts";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { APPROVED, assertFails, type FsDesk, withFsDesk } from "../../../tests/fakes/fs_desk.ts";

async function read(desk: FsDesk, path: string): Promise<string> {
  return await Deno.readTextFile(`${desk.root}/${path}`);
}

// Whoever opened the pipe would wait for ever.
Deno.test("a pipe is refused at once", async () => {
  await withFsDesk(async (desk) => {
    const made = await new Deno.Command("mkfifo", { args: [`${desk.root}/pipe`] }).output();
    assert.ok(made.success);
    for (const operation of ["read", "append"]) {
      const args = operation === "append" ? { content: "x" } : {};
      await assertFails(desk.call({ operation, path: "pipe", ...args }), "file_type_mismatch");
    }
  });
});

Deno.test("a file that became a pipe since it was looked at does not hold the call up", async () => {
  await withFsDesk(async (desk) => {
    await Deno.writeTextFile(`${desk.root}/a.txt`, "a");
    const prepared = await desk.prepare({ operation: "read", path: "a.txt" });
    await Deno.remove(`${desk.root}/a.txt`);
    await new Deno.Command("mkfifo", { args: [`${desk.root}/a.txt`] }).output();
    const signal = AbortSignal.timeout(2_000);
    await assertFails(prepared.run(APPROVED, signal, NOBODY_TO_ASK), "file_changed");
  });
});

for (
  const [what, change] of [
    ["its content changed", (path: string) => Deno.writeTextFile(path, "other")],
    ["another file came in its place", async (path: string) => {
      await Deno.remove(path);
      await Deno.writeTextFile(path, "text");
    }],
    ["a link came in its place", async (path: string) => {
      await Deno.rename(path, `${path}.away`);
      await Deno.symlink(`${path}.away`, path);
    }],
    ["it is gone", (path: string) => Deno.remove(path)],
    ["its directory became a link", async (path: string) => {
      const directory = path.slice(0, path.lastIndexOf("/"));
      await Deno.rename(directory, `${directory}-away`);
      await Deno.symlink(`${directory}-away`, directory);
    }],
  ] as const
) {
  Deno.test(`what was approved is not done any more when ${what} since (A123)`, async () => {
    await withFsDesk(async (desk) => {
      for (
        const args of [
          { operation: "write", content: "new" },
          { operation: "edit", old_text: "text", new_text: "new" },
          { operation: "delete" },
        ]
      ) {
        const directory = `${desk.root}/${args.operation}`;
        await Deno.mkdir(directory);
        await Deno.writeTextFile(`${directory}/a.txt`, "text");
        const prepared = await desk.prepare({ ...args, path: `${args.operation}/a.txt` });
        await change(`${directory}/a.txt`);
        const signal = AbortSignal.timeout(10_000);
        await assertFails(prepared.run(APPROVED, signal, NOBODY_TO_ASK), "file_changed");
      }
    });
  });
}

Deno.test("a new file is not written over one that came in the meantime", async () => {
  await withFsDesk(async (desk) => {
    const prepared = await desk.prepare({ operation: "write", path: "a.txt", content: "mine" });
    await Deno.writeTextFile(`${desk.root}/a.txt`, "theirs");
    await assertFails(
      prepared.run(APPROVED, AbortSignal.timeout(10_000), NOBODY_TO_ASK),
      "file_changed",
    );
    assert.equal(await read(desk, "a.txt"), "theirs");
  });
});

Deno.test("calls at the same time do not get into each other's way", async () => {
  await withFsDesk(async (desk) => {
    const names = Array.from({ length: 12 }, (_, index) => `d/e${index % 3}/f${index}.txt`);
    await Promise.all(names.map((path) => desk.call({ operation: "write", path, content: path })));
    for (const path of names) assert.equal(await read(desk, path), path);
  });
});

Deno.test("a program that is killed while it writes leaves the old or the new content (A140)", async () => {
  await withFsDesk(async (desk) => {
    const writer = fileURLToPath(new URL("../../../tests/fixtures/fs_writer.ts", import.meta.url));
    await Deno.writeTextFile(`${desk.root}/a.txt`, "b".repeat(1_000_000));
    for (const ms of [0, 3, 7, 12, 18]) {
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--no-prompt", "--allow-all", writer, desk.root, "a.txt"],
        stdout: "piped",
      }).spawn();
      const reader = child.stdout.getReader();
      await reader.read();
      await new Promise((resolve) => setTimeout(resolve, ms));
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
      assert.match(await read(desk, "a.txt"), /^(?:a{1000000}|b{1000000})$/);
    }
  });
});
