import assert from "node:assert/strict";
import { CodedError, type FailureCode } from "../../domain/failure.ts";
import type { JsonObject } from "../../domain/json.ts";
import { APPROVED, type FsDesk, withFsDesk } from "../../../tests/fakes/fs_desk.ts";

async function assertFails(work: Promise<unknown>, code: FailureCode, text?: RegExp) {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof CodedError, String(error));
    assert.equal(error.code, code, error.message);
    if (text) assert.match(error.message, text);
    return true;
  });
}

async function read(desk: FsDesk, path: string): Promise<string> {
  return await Deno.readTextFile(`${desk.root}/${path}`);
}

Deno.test("fs writes, reads, edits and adds to files, and tells what it did in fields", async () => {
  await withFsDesk(async (desk) => {
    const path = `${desk.root}/notes/a.md`;
    assert.deepEqual(
      await desk.call({ operation: "write", path: "notes/a.md", content: "one\n" }),
      {
        path,
        bytes: 4,
        created: true,
      },
    );
    assert.deepEqual(
      await desk.call({ operation: "append", path: "notes/a.md", content: "two\n" }),
      {
        path,
        bytes: 8,
        created: false,
      },
    );
    assert.deepEqual(
      await desk.call({ operation: "edit", path: "notes/a.md", old_text: "one", new_text: "1" }),
      { path, bytes: 6, occurrences: 1 },
    );
    assert.deepEqual(await desk.call({ operation: "read", path: "notes/a.md" }), {
      path,
      content: "1\ntwo\n",
      truncated: false,
      bytes: 6,
    });
  });
});

Deno.test("fs lists directories first, then by name, with sizes", async () => {
  await withFsDesk(async (desk) => {
    await Deno.mkdir(`${desk.root}/zoo`);
    await Deno.writeTextFile(`${desk.root}/b.txt`, "bb");
    await Deno.writeTextFile(`${desk.root}/A.txt`, "a");
    const { entries, truncated } = await desk.call({ operation: "list" }) as JsonObject;
    assert.deepEqual(
      (entries as JsonObject[]).map(({ name, kind }) => [name, kind]),
      [["zoo", "directory"], ["A.txt", "file"], ["b.txt", "file"]],
    );
    assert.equal((entries as JsonObject[])[2]?.size, 2);
    assert.equal(truncated, false);
  });
});

Deno.test("fs finds lines in either case, below a directory and not through links", async () => {
  await withFsDesk(async (desk) => {
    await Deno.mkdir(`${desk.root}/d`);
    await Deno.writeTextFile(`${desk.root}/d/a.txt`, "one\nThe Cat sat\n");
    await Deno.writeFile(`${desk.root}/d/b.bin`, new Uint8Array([0, 255, 99, 97, 116]));
    await Deno.writeTextFile(`${desk.outside}/cat.txt`, "cat");
    await Deno.symlink(desk.outside, `${desk.root}/link`);
    assert.deepEqual(await desk.call({ operation: "search", query: "cAT" }), {
      path: desk.root,
      matches: [{ path: "d/a.txt", line: 2, text: "The Cat sat" }],
      truncated: false,
    });
  });
});

Deno.test("fs tells sizes, the largest directories first", async () => {
  await withFsDesk(async (desk) => {
    for (const [name, size] of [["small", 10], ["large", 1000]] as const) {
      await Deno.mkdir(`${desk.root}/${name}/deep`, { recursive: true });
      await Deno.writeFile(`${desk.root}/${name}/deep/x`, new Uint8Array(size));
    }
    assert.deepEqual(await desk.call({ operation: "disk_usage" }), {
      path: desk.root,
      bytes: 1010,
      files: 2,
      directories: [{ name: "large", bytes: 1000 }, { name: "small", bytes: 10 }],
      truncated: false,
    });
  });
});

Deno.test("fs moves files and directories to where nothing stands", async () => {
  await withFsDesk(async (desk) => {
    await desk.call({ operation: "write", path: "d/a.txt", content: "a" });
    await desk.call({ operation: "move", path: "d", to: "e/f" });
    assert.equal(await read(desk, "e/f/a.txt"), "a");
    await desk.call({ operation: "move", path: "e/f/a.txt", to: "b.txt" });
    assert.equal(await read(desk, "b.txt"), "a");
    await desk.call({ operation: "write", path: "c.txt", content: "c" });
    await assertFails(desk.call({ operation: "move", path: "b.txt", to: "c.txt" }), "file_exists");
    assert.equal(await read(desk, "c.txt"), "c");
  });
});

Deno.test("fs deletes a file or an empty directory, and more only when told so", async () => {
  await withFsDesk(async (desk) => {
    await desk.call({ operation: "write", path: "d/a.txt", content: "a" });
    await assertFails(desk.call({ operation: "delete", path: "d" }), "file_exists", /not empty/);
    await desk.call({ operation: "delete", path: "d/a.txt" });
    await desk.call({ operation: "delete", path: "d" });
    await desk.call({ operation: "write", path: "d/a.txt", content: "a" });
    await desk.call({ operation: "delete", path: "d", recursive: true });
    const { entries } = await desk.call({ operation: "list" }) as JsonObject;
    assert.deepEqual(entries, []);
    await assertFails(desk.call({ operation: "delete", path: "." }), "path_protected");
  });
});

Deno.test("deleting a link takes the link, not what it leads to", async () => {
  await withFsDesk(async (desk) => {
    await Deno.writeTextFile(`${desk.outside}/x.txt`, "x");
    await Deno.symlink(`${desk.outside}/x.txt`, `${desk.root}/link`);
    await desk.call({ operation: "delete", path: "link" });
    assert.equal(await Deno.readTextFile(`${desk.outside}/x.txt`), "x");
    await assert.rejects(Deno.lstat(`${desk.root}/link`));
  });
});

for (
  const path of [
    "../secrets/x",
    "../../config.json",
    "a/../../../x",
    "/etc/hosts",
    "~",
    "~/x",
    "link/x.txt",
    "link/new.txt",
    "file-link",
    "dangling",
    "dangling/x",
  ]
) {
  Deno.test(`restricted to the workspace, fs refuses ${path} for reading and writing`, async () => {
    await withFsDesk(async (desk) => {
      await Deno.writeTextFile(`${desk.outside}/x.txt`, "outside");
      await Deno.symlink(desk.outside, `${desk.root}/link`);
      await Deno.symlink(`${desk.outside}/x.txt`, `${desk.root}/file-link`);
      await Deno.symlink(`${desk.outside}/none`, `${desk.root}/dangling`);
      for (const operation of ["read", "list", "search", "disk_usage", "mkdir"]) {
        const args = operation === "search" ? { query: "x" } : {};
        await assertFails(desk.prepare({ operation, path, ...args }), "path_outside_workspace");
      }
      const write = { operation: "write", path, content: "x" };
      await assertFails(desk.prepare(write), "path_outside_workspace");
      assert.deepEqual(
        (await Array.fromAsync(Deno.readDir(desk.outside))).map(({ name }) => name),
        ["x.txt"],
      );
    });
  });
}

Deno.test("an absolute path inside the workspace, and a link that stays inside, are fine", async () => {
  await withFsDesk(async (desk) => {
    await desk.call({ operation: "write", path: `${desk.root}/d/a.txt`, content: "a" });
    await Deno.symlink("d", `${desk.root}/link`);
    const prepared = await desk.prepare({ operation: "read", path: "link/a.txt" });
    assert.equal(prepared.args.path, `${desk.root}/d/a.txt`);
    assert.deepEqual(prepared.resource, {
      kind: "file",
      operation: "read",
      path: `${desk.root}/d/a.txt`,
      root: desk.root,
    });
  });
});

Deno.test("uploads can be read by their name and never be changed", async () => {
  await withFsDesk(async (desk) => {
    await Deno.writeTextFile(`${desk.home}/workspace/upload/in.txt`, "in");
    const { content } = await desk.call({ operation: "read", path: "upload/in.txt" }) as JsonObject;
    assert.equal(content, "in");
    for (
      const args of [
        { operation: "write", content: "x" },
        { operation: "delete" },
        { operation: "move", to: "mine.txt" },
      ]
    ) {
      await assertFails(desk.prepare({ ...args, path: "upload/in.txt" }), "path_protected");
    }
  });
});

for (
  const name of ["secrets/keys.json", "config.json", "workspace/clams/x/run.js", "cron/jobs.json"]
) {
  Deno.test(`without the restriction fs still never touches ${name}`, async () => {
    await withFsDesk(async (desk) => {
      const path = `${desk.home}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(path, "own");
      await Deno.symlink(path, `${desk.outside}/link`);
      await Deno.symlink(desk.home, `${desk.root}/home`);
      const ways = [path, `${desk.outside}/link`, `home/${name}`, `~/home/${name}`];
      for (const way of ways) {
        await assertFails(desk.prepare({ operation: "read", path: way }), "path_protected");
        const write = { operation: "write", path: way, content: "x" };
        await assertFails(desk.prepare(write), "path_protected");
        if (way === `${desk.outside}/link`) continue; // the link itself is nobody's
        await assertFails(desk.prepare({ operation: "delete", path: way }), "path_protected");
      }
      await Deno.link(path, `${desk.root}/second-name`);
      await assertFails(desk.prepare({ operation: "read", path: "second-name" }), "path_protected");
      assert.equal(await Deno.readTextFile(path), "own");
    }, { restrictToWorkspace: false });
  });
}

Deno.test("without the restriction other files can be reached, by ~ too, and the home is left out", async () => {
  await withFsDesk(async (desk) => {
    await desk.call({ operation: "write", path: "~/outside/a.txt", content: "needle" });
    assert.equal(await Deno.readTextFile(`${desk.outside}/a.txt`), "needle");
    await Deno.writeTextFile(`${desk.home}/secrets/b.txt`, "needle");
    const { matches } = await desk.call({
      operation: "search",
      path: "~",
      query: "needle",
    }) as JsonObject;
    assert.deepEqual((matches as JsonObject[]).map(({ path }) => path), [`${desk.outside}/a.txt`]);
    await assertFails(
      desk.prepare({ operation: "delete", path: "~", recursive: true }),
      "path_protected",
    );
    await assertFails(
      desk.prepare({ operation: "read", path: "/proc/self/environ" }),
      "path_protected",
    );
  }, { restrictToWorkspace: false });
});

Deno.test("the limits hold for what is read, written, added and edited", async () => {
  await withFsDesk(async (desk) => {
    await Deno.writeTextFile(`${desk.root}/long.txt`, `${"a".repeat(19)}€${"b".repeat(100)}`);
    const { content, truncated, bytes } = await desk.call({
      operation: "read",
      path: "long.txt",
    }) as JsonObject;
    // the limit falls into the middle of a character, which is left out
    assert.deepEqual([content, truncated, bytes], ["a".repeat(19), true, 122]);
    const content21 = "x".repeat(21);
    const write = { operation: "write", path: "new.txt", content: content21 };
    await assertFails(desk.call(write), "file_too_large");
    await Deno.writeTextFile(`${desk.root}/short.txt`, "x".repeat(18));
    const append = { operation: "append", path: "short.txt", content: "xxx" };
    await assertFails(desk.call(append), "file_too_large");
    const edit = { operation: "edit", path: "short.txt", old_text: "x", new_text: "yyyyyyy" };
    await assertFails(desk.call(edit), "file_too_large");
    const large = { operation: "edit", path: "long.txt", old_text: "a", new_text: "b" };
    await assertFails(desk.call(large), "file_too_large");
  }, { maxReadBytes: 20, maxWriteBytes: 20 });
});

Deno.test("an edit replaces the first occurrence and warns about the others", async () => {
  await withFsDesk(async (desk) => {
    await Deno.writeTextFile(`${desk.root}/a.txt`, "cat cat cat");
    const edit = { operation: "edit", path: "a.txt", old_text: "cat", new_text: "dog" };
    const result = await desk.call(edit) as JsonObject;
    assert.equal(result.occurrences, 3);
    assert.match(String(result.warning), /3 times; only the first/);
    assert.equal(await read(desk, "a.txt"), "dog cat cat");
  });
});

Deno.test("an edit that finds nothing suggests the nearest line, and only to who may read the file", async () => {
  await withFsDesk(async (desk) => {
    await Deno.writeTextFile(`${desk.root}/a.txt`, "first line\nsecond line\n");
    const edit = { operation: "edit", path: "a.txt", old_text: "secnd line", new_text: "x" };
    const prepared = await desk.prepare(edit);
    assert.equal(prepared.effect, "read");
    assert.doesNotMatch(JSON.stringify(prepared.preview), /second/);
    await assertFails(desk.call(edit), "text_not_found", /second line/);
    await assertFails(
      desk.prepare({ ...edit, old_text: "" }),
      "tool_arguments_invalid",
      /old_text/,
    );
  });
});

Deno.test("what is no text, no file or not there fails by a code of its own", async () => {
  await withFsDesk(async (desk) => {
    await Deno.writeFile(`${desk.root}/binary`, new Uint8Array([0xff, 0xfe, 0]));
    await Deno.mkdir(`${desk.root}/d`);
    const fails = (operation: string, path: string, code: FailureCode) =>
      assertFails(desk.call({ operation, path }), code);
    await fails("read", "binary", "file_not_text");
    await fails("read", "d", "file_type_mismatch");
    await fails("list", "binary", "file_type_mismatch");
    await fails("read", "none", "file_not_found");
    await fails("delete", "none", "file_not_found");
    await fails("mkdir", "binary", "file_exists");
    await fails("read", "binary/x", "file_type_mismatch");
  });
});

Deno.test("a pipe is refused at once", async () => {
  await withFsDesk(async (desk) => {
    const made = await new Deno.Command("mkfifo", { args: [`${desk.root}/pipe`] }).output();
    assert.ok(made.success);
    const begun = performance.now();
    for (const operation of ["read", "append"]) {
      const args = operation === "append" ? { content: "x" } : {};
      await assertFails(desk.call({ operation, path: "pipe", ...args }), "file_type_mismatch");
    }
    assert.ok(performance.now() - begun < 1_000);
  });
});

Deno.test("a file that became a pipe since it was looked at does not hold the call up", async () => {
  await withFsDesk(async (desk) => {
    await Deno.writeTextFile(`${desk.root}/a.txt`, "a");
    const prepared = await desk.prepare({ operation: "read", path: "a.txt" });
    await Deno.remove(`${desk.root}/a.txt`);
    await new Deno.Command("mkfifo", { args: [`${desk.root}/a.txt`] }).output();
    const signal = AbortSignal.timeout(2_000);
    await assertFails(prepared.run(APPROVED, signal), "file_changed");
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
        await assertFails(prepared.run(APPROVED, signal), "file_changed");
      }
    });
  });
}

Deno.test("a new file is not written over one that came in the meantime", async () => {
  await withFsDesk(async (desk) => {
    const prepared = await desk.prepare({ operation: "write", path: "a.txt", content: "mine" });
    await Deno.writeTextFile(`${desk.root}/a.txt`, "theirs");
    await assertFails(prepared.run(APPROVED, AbortSignal.timeout(10_000)), "file_changed");
    assert.equal(await read(desk, "a.txt"), "theirs");
  });
});

Deno.test("a write keeps the mode of the file and leaves nothing else behind", async () => {
  await withFsDesk(async (desk) => {
    await Deno.writeTextFile(`${desk.root}/run.sh`, "old");
    await Deno.chmod(`${desk.root}/run.sh`, 0o750);
    await desk.call({ operation: "write", path: "run.sh", content: "new" });
    assert.equal((await Deno.stat(`${desk.root}/run.sh`)).mode! & 0o777, 0o750);
    assert.deepEqual((await Array.fromAsync(Deno.readDir(desk.root))).map(({ name }) => name), [
      "run.sh",
    ]);
  });
});

Deno.test("the person sees the whole path, the change and what it would replace", async () => {
  await withFsDesk(async (desk) => {
    await Deno.writeTextFile(`${desk.root}/a.txt`, "one\ntwo\n");
    const prepared = await desk.prepare({ operation: "write", path: "a.txt", content: "one\n2\n" });
    assert.equal(prepared.effect, "write");
    assert.equal(prepared.preview.title, `Overwrite ${desk.root}/a.txt`);
    assert.deepEqual(prepared.preview.fields, [
      { name: "path", value: `${desk.root}/a.txt` },
      { name: "size before", value: "8 bytes" },
      { name: "size", value: "6 bytes" },
    ]);
    assert.match(prepared.preview.diff ?? "", /^-two$[^]*^\+2$/m);
    const moved = await desk.prepare({ operation: "move", path: "a.txt", to: "b.txt" });
    assert.equal(moved.args.to, `${desk.root}/b.txt`);
    assert.deepEqual(moved.also?.map((one) => one.kind === "file" && one.path), [
      `${desk.root}/b.txt`,
    ]);
  });
});

Deno.test("a change of very many lines is shown by its beginning, its number of lines and a hash", async () => {
  await withFsDesk(async (desk) => {
    const content = Array.from({ length: 3000 }, (_, index) => `${index}\n`).join("");
    const prepared = await desk.prepare({ operation: "write", path: "a.txt", content });
    assert.ok(prepared.preview.fields.some(({ value }) => value === "3000 lines added, 0 removed"));
    assert.ok(prepared.preview.fields.some(({ value }) => /^[0-9a-f]{64}$/.test(value)));
    assert.ok((prepared.preview.diff ?? "").split("\n").length < 150);
  });
});

Deno.test("names that would hide what they are cannot be made", async () => {
  await withFsDesk(async (desk) => {
    for (const name of ["a\nb", "a\u001b[2J", "a\u202etxt.exe", "a\u0085b"]) {
      const write = { operation: "write", path: name, content: "x" };
      await assertFails(desk.prepare(write), "tool_arguments_invalid", /control characters/);
      await assertFails(desk.prepare({ operation: "mkdir", path: name }), "tool_arguments_invalid");
    }
    await assertFails(desk.prepare({ operation: "read", path: "a\0b" }), "tool_arguments_invalid");
  });
});

Deno.test("arguments are held against the schema, and the failure names the field", async () => {
  await withFsDesk(async (desk) => {
    const fails = (args: JsonObject, text: RegExp) =>
      assertFails(desk.prepare(args), "tool_arguments_invalid", text);
    await fails({ operation: "chmod", path: "a" }, /operation/);
    await fails({ operation: "read", path: 1 }, /path/);
    await fails({ operation: "write", path: "a" }, /content/);
    await fails({ operation: "move", path: "a" }, /"to"/);
    await fails({ operation: "search", path: "." }, /query/);
    await fails({ operation: "read", path: "a", content: "x" }, /content/);
  });
});

Deno.test("a walk can be cancelled", async () => {
  await withFsDesk(async (desk) => {
    for (let index = 0; index < 50; index++) await Deno.writeTextFile(`${desk.root}/${index}`, "x");
    const prepared = await desk.prepare({ operation: "search", query: "x" });
    const signal = AbortSignal.abort(new DOMException("stop", "AbortError"));
    await assert.rejects(prepared.run(APPROVED, signal), { name: "AbortError" });
  });
});

Deno.test("calls at the same time do not get into each other's way", async () => {
  await withFsDesk(async (desk) => {
    const names = Array.from({ length: 12 }, (_, index) => `d/e${index % 3}/f${index}.txt`);
    await Promise.all(names.map((path) => desk.call({ operation: "write", path, content: path })));
    for (const path of names) assert.equal(await read(desk, path), path);
  });
});
