import { NOBODY_TO_ASK } from "../../../tests/fakes/alone.ts";
import assert from "node:assert/strict";
import { CodedError } from "../../domain/failure.ts";
import type { JsonObject } from "../../domain/json.ts";
import { type FsDesk, withFsDesk } from "../../../tests/fakes/fs_desk.ts";
import { type FileChange, undoLast } from "./undo.ts";

const signal = new AbortController().signal;

async function undo(context: FsDesk, id?: string): Promise<FileChange | undefined> {
  return await undoLast(context.undo, context.workspace, signal, id);
}

/** Everything below the root: directories end with a slash, files tell their content. */
async function tree(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    const full = `${path}/${name}`;
    if (isDirectory) lines.push(`${name}/`, ...(await tree(full)).map((line) => `${name}/${line}`));
    else lines.push(`${name}: ${await Deno.readTextFile(full)}`);
  }
  return lines.sort();
}

const CHANGES: Readonly<Record<string, JsonObject>> = {
  "a new file": { operation: "write", path: "new.txt", content: "x" },
  "a new file in new directories": { operation: "write", path: "x/y/new.txt", content: "x" },
  "an overwritten file": { operation: "write", path: "d/a.txt", content: "x" },
  "an overwritten file that is no text": { operation: "write", path: "b.bin", content: "x" },
  "what was added": { operation: "append", path: "d/a.txt", content: "x" },
  "an edit": { operation: "edit", path: "d/a.txt", old_text: "first", new_text: "x" },
  "a deleted file": { operation: "delete", path: "d/a.txt" },
  "a deleted directory": { operation: "delete", path: "d", recursive: true },
  "a deleted empty directory": { operation: "delete", path: "empty" },
  "a moved file": { operation: "move", path: "d/a.txt", to: "z/a.txt" },
  "a moved directory": { operation: "move", path: "d", to: "z/d" },
  "a new directory": { operation: "mkdir", path: "p/q" },
};

async function layOut(context: FsDesk): Promise<void> {
  await Deno.mkdir(`${context.root}/d/deep`, { recursive: true });
  await Deno.mkdir(`${context.root}/empty`);
  await Deno.writeTextFile(`${context.root}/d/a.txt`, "first");
  await Deno.writeTextFile(`${context.root}/d/deep/b.txt`, "deep");
  await Deno.writeFile(`${context.root}/b.bin`, new Uint8Array([104, 0, 105]));
}

for (const [what, args] of Object.entries(CHANGES)) {
  Deno.test(`undo takes back ${what}, and all is as before (A140)`, async () => {
    await withFsDesk(async (context) => {
      await layOut(context);
      const before = await tree(context.root);
      await context.call(args);
      assert.notDeepEqual(await tree(context.root), before);
      const change = await undo(context);
      assert.equal(change?.operation, args.operation);
      assert.deepEqual(await tree(context.root), before);
      assert.equal(await undo(context), undefined);
    });
  });
}

Deno.test("undo goes back through all changes, the last one first", async () => {
  await withFsDesk(async (context) => {
    const states: string[][] = [];
    for (
      const args of [
        { operation: "write", path: "d/a.txt", content: "one" },
        { operation: "append", path: "d/a.txt", content: " two" },
        { operation: "move", path: "d/a.txt", to: "b.txt" },
        { operation: "delete", path: "d" },
        { operation: "edit", path: "b.txt", old_text: "one", new_text: "1" },
      ]
    ) {
      states.push(await tree(context.root));
      await context.call(args);
    }
    for (const state of states.toReversed()) {
      assert.ok(await undo(context));
      assert.deepEqual(await tree(context.root), state);
    }
  });
});

Deno.test("undo touches nothing that somebody else changed since", async () => {
  await withFsDesk(async (context) => {
    await layOut(context);
    await context.call({ operation: "write", path: "d/a.txt", content: "mine" });
    await Deno.writeTextFile(`${context.root}/d/a.txt`, "theirs");
    await assert.rejects(
      undo(context),
      (error) => error instanceof CodedError && error.code === "file_changed",
    );
    assert.equal(await Deno.readTextFile(`${context.root}/d/a.txt`), "theirs");
    await Deno.rename(`${context.root}/d/a.txt`, `${context.root}/d/theirs.txt`);
    await undo(context);
    assert.equal(await Deno.readTextFile(`${context.root}/d/a.txt`), "first");
  });
});

Deno.test("what undoing replaces is kept too, and comes back by its id", async () => {
  await withFsDesk(async (context) => {
    await layOut(context);
    await context.call({ operation: "write", path: "d/a.txt", content: "second" });
    await undo(context);
    const [kept] = await context.undo.list();
    await undo(context, kept?.id);
    assert.equal(await Deno.readTextFile(`${context.root}/d/a.txt`), "second");
  });
});

Deno.test("a file that comes back has its mode", async () => {
  await withFsDesk(async (context) => {
    await Deno.writeTextFile(`${context.root}/run.sh`, "x");
    await Deno.chmod(`${context.root}/run.sh`, 0o750);
    await context.call({ operation: "delete", path: "run.sh" });
    await undo(context);
    assert.equal((await Deno.stat(`${context.root}/run.sh`)).mode! & 0o777, 0o750);
  });
});

Deno.test("the undo store stays within its limits and always has the last change", async () => {
  await withFsDesk(async (context) => {
    for (let index = 0; index < 8; index++) {
      await context.call({ operation: "write", path: "a.txt", content: `${index}`.repeat(40) });
    }
    assert.deepEqual((await context.undo.list()).map(({ bytes }) => bytes), [40, 40]);
    const kept = await Array.fromAsync(Deno.readDir(`${context.home}/state/undo/kept`));
    assert.equal(kept.length, 2);
    await context.call({ operation: "write", path: "a.txt", content: "x".repeat(500) });
    await context.call({ operation: "delete", path: "a.txt" });
    assert.deepEqual((await context.undo.list()).map(({ bytes }) => bytes), [500]);
    await undo(context);
    assert.equal((await Deno.stat(`${context.root}/a.txt`)).size, 500);
  }, { undoLimits: { bytes: 100, changes: 3 } });
});

Deno.test("a change that did not happen is not on record", async () => {
  await withFsDesk(async (context) => {
    await layOut(context);
    const prepared = await context.prepare({ operation: "write", path: "d/a.txt", content: "x" });
    await Deno.writeTextFile(`${context.root}/d/a.txt`, "somebody else's");
    await assert.rejects(prepared.run({} as never, signal, NOBODY_TO_ASK));
    assert.deepEqual(await context.undo.list(), []);
  });
});

Deno.test("what failed half-way keeps what it may have cost, and does not hinder undoing", async () => {
  await withFsDesk(async (context) => {
    await layOut(context);
    await context.call({ operation: "write", path: "b.txt", content: "b" });
    const place = await context.workspace.locate(`${context.root}/d/a.txt`, signal);
    const change = { operation: "write", place, bytes: 5, keep: "copy" as const };
    const breaks = async () => {
      await Deno.remove(place.path);
      throw new Error("the disk is full");
    };
    await assert.rejects(context.undo.around(change, breaks, signal), /disk is full/);
    const [, doubtful] = await context.undo.list();
    assert.equal((await undo(context))?.path, `${context.root}/b.txt`);
    await undo(context, doubtful?.id);
    assert.equal(await Deno.readTextFile(place.path), "first");
  });
});

Deno.test("a line that was being written when the power went does not hinder undoing", async () => {
  await withFsDesk(async (context) => {
    await context.call({ operation: "write", path: "a.txt", content: "x" });
    const log = `${context.home}/state/undo/changes.jsonl`;
    await Deno.writeTextFile(log, '{"id":"torn', { append: true });
    await context.call({ operation: "write", path: "b.txt", content: "x" });
    await undo(context);
    await undo(context);
    assert.deepEqual(await tree(context.root), []);
  });
});
