import { NOBODY_TO_ASK } from "../../../tests/fakes/alone.ts";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { APPROVED, assertFails, type FsDesk, withFsDesk } from "../../../tests/fakes/fs_desk.ts";

async function read(context: FsDesk, path: string): Promise<string> {
  return await Deno.readTextFile(`${context.root}/${path}`);
}

// Whoever opened the pipe would wait for ever.
Deno.test("a pipe is refused at once", async () => {
  await withFsDesk(async (context) => {
    const made = await new Deno.Command("mkfifo", { args: [`${context.root}/pipe`] }).output();
    assert.ok(made.success);
    for (const operation of ["read", "append"]) {
      const args = operation === "append" ? { content: "x" } : {};
      await assertFails(context.call({ operation, path: "pipe", ...args }), "file_type_mismatch");
    }
  });
});

Deno.test("a file that became a pipe since it was looked at does not hold the call up", async () => {
  await withFsDesk(async (context) => {
    await Deno.writeTextFile(`${context.root}/a.txt`, "a");
    const prepared = await context.prepare({ operation: "read", path: "a.txt" });
    await Deno.remove(`${context.root}/a.txt`);
    await new Deno.Command("mkfifo", { args: [`${context.root}/a.txt`] }).output();
    const signal = AbortSignal.timeout(60_000);
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
    await withFsDesk(async (context) => {
      for (
        const args of [
          { operation: "write", content: "new" },
          { operation: "edit", old_text: "text", new_text: "new" },
          { operation: "delete" },
        ]
      ) {
        const directory = `${context.root}/${args.operation}`;
        await Deno.mkdir(directory);
        await Deno.writeTextFile(`${directory}/a.txt`, "text");
        const prepared = await context.prepare({ ...args, path: `${args.operation}/a.txt` });
        await change(`${directory}/a.txt`);
        const signal = AbortSignal.timeout(60_000);
        await assertFails(prepared.run(APPROVED, signal, NOBODY_TO_ASK), "file_changed");
      }
    });
  });
}

Deno.test("a new file is not written over one that came in the meantime", async () => {
  await withFsDesk(async (context) => {
    const prepared = await context.prepare({ operation: "write", path: "a.txt", content: "mine" });
    await Deno.writeTextFile(`${context.root}/a.txt`, "theirs");
    await assertFails(
      prepared.run(APPROVED, AbortSignal.timeout(60_000), NOBODY_TO_ASK),
      "file_changed",
    );
    assert.equal(await read(context, "a.txt"), "theirs");
  });
});

Deno.test("calls at the same time do not get into each other's way", async () => {
  await withFsDesk(async (context) => {
    const names = Array.from({ length: 12 }, (_, index) => `d/e${index % 3}/f${index}.txt`);
    await Promise.all(
      names.map((path) => context.call({ operation: "write", path, content: path })),
    );
    for (const path of names) assert.equal(await read(context, path), path);
  });
});

Deno.test("a program that is killed while it writes leaves the old or the new content (A140)", async () => {
  await withFsDesk(async (context) => {
    const writer = fileURLToPath(new URL("../../../tests/fixtures/fs_writer.ts", import.meta.url));
    await Deno.writeTextFile(`${context.root}/a.txt`, "b".repeat(1_000_000));
    for (const ms of [0, 3, 7, 12, 18]) {
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--no-prompt", "--allow-all", writer, context.root, "a.txt"],
        stdout: "piped",
      }).spawn();
      const reader = child.stdout.getReader();
      await reader.read();
      await new Promise((resolve) => setTimeout(resolve, ms));
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
      assert.match(await read(context, "a.txt"), /^(?:a{1000000}|b{1000000})$/);
    }
  });
});
