import { NOBODY_TO_ASK } from "../../../tests/fakes/alone.ts";
import assert from "node:assert/strict";
import type { FailureCode } from "../../domain/failure.ts";
import type { JsonObject } from "../../domain/json.ts";
import { APPROVED, assertFails, type FsDesk, withFsDesk } from "../../../tests/fakes/fs_desk.ts";

async function read(context: FsDesk, path: string): Promise<string> {
  return await Deno.readTextFile(`${context.root}/${path}`);
}

Deno.test("fs writes, reads, edits and adds to files, and tells what it did in fields (A136)", async () => {
  await withFsDesk(async (context) => {
    const path = `${context.root}/notes/a.md`;
    assert.deepEqual(
      await context.call({ operation: "write", path: "notes/a.md", content: "one\n" }),
      {
        path,
        bytes: 4,
        created: true,
      },
    );
    assert.deepEqual(
      await context.call({ operation: "append", path: "notes/a.md", content: "two\n" }),
      {
        path,
        bytes: 8,
        created: false,
      },
    );
    assert.deepEqual(
      await context.call({ operation: "edit", path: "notes/a.md", old_text: "one", new_text: "1" }),
      { path, bytes: 6, occurrences: 1 },
    );
    assert.deepEqual(await context.call({ operation: "read", path: "notes/a.md" }), {
      path,
      content: "1\ntwo\n",
      truncated: false,
      bytes: 6,
    });
  });
});

Deno.test("fs lists directories first, then by name, with sizes", async () => {
  await withFsDesk(async (context) => {
    await Deno.mkdir(`${context.root}/zoo`);
    await Deno.writeTextFile(`${context.root}/b.txt`, "bb");
    await Deno.writeTextFile(`${context.root}/A.txt`, "a");
    const { entries, truncated } = await context.call({ operation: "list" }) as JsonObject;
    assert.deepEqual(
      (entries as JsonObject[]).map(({ name, kind }) => [name, kind]),
      [["zoo", "directory"], ["A.txt", "file"], ["b.txt", "file"]],
    );
    assert.equal((entries as JsonObject[])[2]?.size, 2);
    assert.equal(truncated, false);
  });
});

Deno.test("fs finds lines in either case, below a directory and not through links", async () => {
  await withFsDesk(async (context) => {
    await Deno.mkdir(`${context.root}/d`);
    await Deno.writeTextFile(`${context.root}/d/a.txt`, "one\nThe Cat sat\n");
    await Deno.writeFile(`${context.root}/d/b.bin`, new Uint8Array([0, 255, 99, 97, 116]));
    await Deno.writeTextFile(`${context.outside}/cat.txt`, "cat");
    await Deno.symlink(context.outside, `${context.root}/link`);
    assert.deepEqual(await context.call({ operation: "search", query: "cAT" }), {
      path: context.root,
      matches: [{ path: "d/a.txt", line: 2, text: "The Cat sat" }],
      truncated: false,
    });
  });
});

Deno.test("fs cuts long lines around what was found, between characters", async () => {
  await withFsDesk(async (context) => {
    const text = `${"İ".repeat(200)}needle (a+b) ${"😀".repeat(300)}`;
    await Deno.writeTextFile(`${context.root}/a.txt`, text);
    const { matches } = await context.call({
      operation: "search",
      query: "NEEDLE (A+B)",
    }) as JsonObject;
    const [match] = matches as JsonObject[];
    assert.match(String(match?.text), /needle \(a\+b\)/);
    assert.ok(String(match?.text).isWellFormed());
  });
});

Deno.test("fs searches on behind files that are too large to read, and says that some were left out", async () => {
  await withFsDesk(async (context) => {
    await Deno.truncate(await made(`${context.root}/film.mp4`), 100 * 1024 * 1024);
    await Deno.writeTextFile(`${context.root}/notes.txt`, "a needle");
    const { matches, truncated } = await context.call({
      operation: "search",
      query: "needle",
    }) as JsonObject;
    assert.deepEqual([matches, truncated], [
      [{ path: "notes.txt", line: 1, text: "a needle" }],
      true,
    ]);
  });
});

async function made(path: string): Promise<string> {
  await Deno.writeTextFile(path, "");
  return path;
}

Deno.test("fs tells sizes, the largest directories first (A136)", async () => {
  await withFsDesk(async (context) => {
    for (const [name, size] of [["small", 10], ["large", 1000]] as const) {
      await Deno.mkdir(`${context.root}/${name}/deep`, { recursive: true });
      await Deno.writeFile(`${context.root}/${name}/deep/x`, new Uint8Array(size));
    }
    assert.deepEqual(await context.call({ operation: "disk_usage" }), {
      path: context.root,
      bytes: 1010,
      files: 2,
      directories: [{ name: "large", bytes: 1000 }, { name: "small", bytes: 10 }],
      truncated: false,
    });
  });
});

Deno.test("fs moves files and directories to where nothing stands", async () => {
  await withFsDesk(async (context) => {
    await context.call({ operation: "write", path: "d/a.txt", content: "a" });
    await context.call({ operation: "move", path: "d", to: "e/f" });
    assert.equal(await read(context, "e/f/a.txt"), "a");
    await context.call({ operation: "move", path: "e/f/a.txt", to: "b.txt" });
    assert.equal(await read(context, "b.txt"), "a");
    await context.call({ operation: "write", path: "c.txt", content: "c" });
    await assertFails(
      context.call({ operation: "move", path: "b.txt", to: "c.txt" }),
      "file_exists",
    );
    assert.equal(await read(context, "c.txt"), "c");
  });
});

Deno.test("fs deletes a file or an empty directory, and more only when told so", async () => {
  await withFsDesk(async (context) => {
    await context.call({ operation: "write", path: "d/a.txt", content: "a" });
    await assertFails(context.call({ operation: "delete", path: "d" }), "file_exists", /not empty/);
    await context.call({ operation: "delete", path: "d/a.txt" });
    await context.call({ operation: "delete", path: "d" });
    await context.call({ operation: "write", path: "d/a.txt", content: "a" });
    await context.call({ operation: "delete", path: "d", recursive: true });
    const { entries } = await context.call({ operation: "list" }) as JsonObject;
    assert.deepEqual(entries, []);
    await assertFails(context.call({ operation: "delete", path: "." }), "path_protected");
  });
});

Deno.test("the limits hold for what is read, written, added and edited (A138)", async () => {
  await withFsDesk(async (context) => {
    await Deno.writeTextFile(`${context.root}/long.txt`, `${"a".repeat(19)}€${"b".repeat(100)}`);
    const { content, truncated, bytes } = await context.call({
      operation: "read",
      path: "long.txt",
    }) as JsonObject;
    // the limit falls into the middle of a character, which is left out
    assert.deepEqual([content, truncated, bytes], ["a".repeat(19), true, 122]);
    const content21 = "x".repeat(21);
    const write = { operation: "write", path: "new.txt", content: content21 };
    await assertFails(context.call(write), "file_too_large");
    await Deno.writeTextFile(`${context.root}/short.txt`, "x".repeat(18));
    const append = { operation: "append", path: "short.txt", content: "xxx" };
    await assertFails(context.call(append), "file_too_large");
    const edit = { operation: "edit", path: "short.txt", old_text: "x", new_text: "yyyyyyy" };
    await assertFails(context.call(edit), "file_too_large");
    const large = { operation: "edit", path: "long.txt", old_text: "a", new_text: "b" };
    await assertFails(context.call(large), "file_too_large");
  }, { maxReadBytes: 20, maxWriteBytes: 20 });
});

Deno.test("an edit replaces the first occurrence and warns about the others (A139)", async () => {
  await withFsDesk(async (context) => {
    await Deno.writeTextFile(`${context.root}/a.txt`, "cat cat cat");
    const edit = { operation: "edit", path: "a.txt", old_text: "cat", new_text: "dog" };
    const result = await context.call(edit) as JsonObject;
    assert.equal(result.occurrences, 3);
    assert.match(String(result.warning), /3 times; only the first/);
    assert.equal(await read(context, "a.txt"), "dog cat cat");
  });
});

Deno.test("an edit that finds nothing suggests the nearest line, and only to who may read the file (A139)", async () => {
  await withFsDesk(async (context) => {
    await Deno.writeTextFile(`${context.root}/a.txt`, "first line\nsecond line\n");
    const edit = { operation: "edit", path: "a.txt", old_text: "secnd line", new_text: "x" };
    const prepared = await context.prepare(edit);
    assert.equal(prepared.effect, "read");
    assert.doesNotMatch(JSON.stringify(prepared.preview), /second/);
    await assertFails(context.call(edit), "text_not_found", /second line/);
    await assertFails(
      context.prepare({ ...edit, old_text: "" }),
      "tool_arguments_invalid",
      /old_text/,
    );
  });
});

Deno.test("what is no text, no file or not there fails by a code of its own", async () => {
  await withFsDesk(async (context) => {
    await Deno.writeFile(`${context.root}/binary`, new Uint8Array([0xff, 0xfe, 0]));
    await Deno.mkdir(`${context.root}/d`);
    const fails = (operation: string, path: string, code: FailureCode) =>
      assertFails(context.call({ operation, path }), code);
    await fails("read", "binary", "file_not_text");
    await fails("read", "d", "file_type_mismatch");
    await fails("list", "binary", "file_type_mismatch");
    await fails("read", "none", "file_not_found");
    await fails("delete", "none", "file_not_found");
    await fails("mkdir", "binary", "file_exists");
    await fails("read", "binary/x", "file_type_mismatch");
  });
});

Deno.test("a write keeps the mode of the file and leaves nothing else behind", async () => {
  await withFsDesk(async (context) => {
    await Deno.writeTextFile(`${context.root}/run.sh`, "old");
    await Deno.chmod(`${context.root}/run.sh`, 0o750);
    await context.call({ operation: "write", path: "run.sh", content: "new" });
    assert.equal((await Deno.stat(`${context.root}/run.sh`)).mode! & 0o777, 0o750);
    assert.deepEqual((await Array.fromAsync(Deno.readDir(context.root))).map(({ name }) => name), [
      "run.sh",
    ]);
  });
});

Deno.test("the person sees the whole path, the change and what it would replace", async () => {
  await withFsDesk(async (context) => {
    await Deno.writeTextFile(`${context.root}/a.txt`, "one\ntwo\n");
    const prepared = await context.prepare({
      operation: "write",
      path: "a.txt",
      content: "one\n2\n",
    });
    assert.equal(prepared.effect, "write");
    assert.equal(prepared.preview.title, `Overwrite ${context.root}/a.txt`);
    assert.deepEqual(prepared.preview.fields, [
      { name: "path", value: `${context.root}/a.txt` },
      { name: "size before", value: "8 bytes" },
      { name: "size", value: "6 bytes" },
    ]);
    assert.match(prepared.preview.diff ?? "", /^-two$[^]*^\+2$/m);
    const moved = await context.prepare({ operation: "move", path: "a.txt", to: "b.txt" });
    assert.equal(moved.args.to, `${context.root}/b.txt`);
    assert.deepEqual(moved.also?.map((one) => one.kind === "file" && one.path), [
      `${context.root}/b.txt`,
    ]);
  });
});

Deno.test("a change of very many lines is shown whole, with its number of lines", async () => {
  await withFsDesk(async (context) => {
    const content = Array.from({ length: 3000 }, (_, index) => `${index}\n`).join("");
    const prepared = await context.prepare({ operation: "write", path: "a.txt", content });
    assert.ok(prepared.preview.fields.some(({ value }) => value === "3000 added, 0 removed"));
    assert.match(prepared.preview.diff ?? "", /^\+2999$/m);
  });
});

Deno.test("arguments are held against the schema, and the failure names the field", async () => {
  await withFsDesk(async (context) => {
    const fails = (args: JsonObject, text: RegExp) =>
      assertFails(context.prepare(args), "tool_arguments_invalid", text);
    await fails({ operation: "chmod", path: "a" }, /operation/);
    await fails({ operation: "read", path: 1 }, /path/);
    await fails({ operation: "write", path: "a" }, /content/);
    await fails({ operation: "move", path: "a" }, /"to"/);
    await fails({ operation: "search", path: "." }, /query/);
    await fails({ operation: "read", path: "a", content: "x" }, /content/);
    const half = "a\ud83d";
    await fails({ operation: "write", path: half, content: "x" }, /"path" holds half a character/);
    await fails({ operation: "append", path: "a", content: half }, /"content" holds half/);
    await fails(
      { operation: "edit", path: "a", old_text: "x", new_text: half },
      /"new_text" holds half/,
    );
  });
});

Deno.test("a walk can be cancelled", async () => {
  await withFsDesk(async (context) => {
    for (let index = 0; index < 50; index++) {
      await Deno.writeTextFile(`${context.root}/${index}`, "x");
    }
    const prepared = await context.prepare({ operation: "search", query: "x" });
    const signal = AbortSignal.abort(new DOMException("stop", "AbortError"));
    await assert.rejects(prepared.run(APPROVED, signal, NOBODY_TO_ASK), { name: "AbortError" });
  });
});
