import assert from "node:assert/strict";
import type { Json, JsonObject } from "../../src/domain/json.ts";
import { CodedError } from "../../src/domain/failure.ts";
import { type FsDesk, withFsDesk } from "../fakes/fs_desk.ts";

// T25: between the look and the use, another process makes the path lead out of the workspace.

const CANARY = "CANARY: this must never be read or changed";
const INSIDE = "inside";
/** Milliseconds of each attack, and of one that a busy machine lets come to nothing for long. */
const DURATION = 400;
const PATIENCE = 60_000;
const SWAPPER = new URL("./T25_swapper.ts", import.meta.url).pathname;

interface Race {
  readonly attempts: number;
  readonly results: readonly Json[];
}

/** Calls while `path` is swapped with a link to what lies outside; only expected failures count. */
async function race(
  desk: FsDesk,
  path: string,
  rest: number,
  call: (attempt: number) => Promise<Json>,
): Promise<Race> {
  const swapper = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", `--allow-all`, SWAPPER, path, `${rest}`],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = swapper.stdout.getReader();
  await reader.read();
  const results: Json[] = [];
  let attempts = 0;
  try {
    const begun = performance.now();
    const ends = () => begun + (rest > 0 && results.length === 0 ? PATIENCE : DURATION);
    for (; performance.now() < ends(); attempts++) {
      try {
        results.push(await call(attempts));
      } catch (error) {
        assert.ok(error instanceof CodedError, String(error));
        assert.doesNotMatch(error.message, /CANARY/);
      }
    }
  } finally {
    swapper.kill("SIGKILL");
    await swapper.status;
    await reader.cancel();
  }
  assert.ok(attempts > 0);
  assert.equal(await Deno.readTextFile(`${desk.outside}/note.txt`), CANARY);
  return { attempts, results };
}

/** A directory of the workspace and its rival: a link to a directory outside with the same names. */
async function layOutDirectory(desk: FsDesk): Promise<string> {
  await Deno.writeTextFile(`${desk.outside}/note.txt`, CANARY);
  await Deno.mkdir(`${desk.root}/d`);
  await Deno.writeTextFile(`${desk.root}/d/note.txt`, INSIDE);
  await Deno.symlink(desk.outside, `${desk.root}/d.other`);
  return `${desk.root}/d`;
}

/** The same for a file alone. */
async function layOutFile(desk: FsDesk): Promise<string> {
  await Deno.writeTextFile(`${desk.outside}/note.txt`, CANARY);
  await Deno.writeTextFile(`${desk.root}/note.txt`, INSIDE);
  await Deno.symlink(`${desk.outside}/note.txt`, `${desk.root}/note.txt.other`);
  return `${desk.root}/note.txt`;
}

async function namesOutside(desk: FsDesk): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(desk.outside))).map(({ name }) => name).sort();
}

async function sizesOutside(desk: FsDesk): Promise<number> {
  const names = (await namesOutside(desk)).filter((name) => name !== "note.txt");
  const stats = await Promise.all(names.map((name) => Deno.stat(`${desk.outside}/${name}`)));
  return stats.reduce((sum, { isFile, size }) => sum + (isFile ? size : 0), 0);
}

for (const [how, rest] of [["without a pause", 0], ["with rests", 80]] as const) {
  const reading: readonly (readonly [string, typeof layOutFile, JsonObject])[] = [
    ["the directory of a file that is read", layOutDirectory, { path: "d/note.txt" }],
    ["a file that is read", layOutFile, { path: "note.txt" }],
  ];
  for (const [what, layOut, args] of reading) {
    Deno.test(`swapping ${what} ${how} never shows what lies outside`, async () => {
      await withFsDesk(async (desk) => {
        const path = await layOut(desk);
        const call = () => desk.call({ operation: "read", ...args });
        const { results } = await race(desk, path, rest, call);
        for (const result of results) assert.equal((result as JsonObject).content, INSIDE);
        if (rest > 0) assert.ok(results.length > 0, "never came to read");
      });
    });
  }

  Deno.test(`swapping a directory that is listed or searched ${how} never shows its rival`, async () => {
    await withFsDesk(async (desk) => {
      const path = await layOutDirectory(desk);
      await Deno.writeTextFile(`${desk.outside}/CANARY.txt`, "x");
      const { results } = await race(desk, path, rest, (attempt) =>
        desk.call(
          attempt % 2 === 0
            ? { operation: "list", path: "d" }
            : { operation: "search", path: ".", query: "canary" },
        ));
      assert.doesNotMatch(JSON.stringify(results), /CANARY/);
    });
  });

  Deno.test(`swapping the directory of a file that is written ${how} never writes outside`, async () => {
    await withFsDesk(async (desk) => {
      const path = await layOutDirectory(desk);
      await race(desk, path, rest, (attempt) =>
        desk.call(
          attempt % 2 === 0
            ? { operation: "write", path: "d/note.txt", content: `overwritten ${attempt}` }
            : { operation: "write", path: `d/new-${attempt}.txt`, content: "new" },
        ));
      assert.equal(await sizesOutside(desk), 0);
    });
  });

  Deno.test(`swapping a file that is edited or added to ${how} never changes its rival`, async () => {
    await withFsDesk(async (desk) => {
      const path = await layOutFile(desk);
      await race(desk, path, rest, (attempt) =>
        desk.call(
          attempt % 2 === 0
            ? { operation: "append", path: "note.txt", content: "!" }
            : { operation: "edit", path: "note.txt", old_text: "s", new_text: "S" },
        ));
    });
  });

  Deno.test(`swapping the directory of what is deleted or moved ${how} takes nothing from outside`, async () => {
    await withFsDesk(async (desk) => {
      const path = await layOutDirectory(desk);
      await Deno.writeTextFile(`${desk.root}/own.txt`, "own");
      const many = Array.from({ length: 500 }, (_, index) => `f${index}.txt`);
      for (const name of many) {
        await Deno.writeTextFile(`${desk.root}/d/${name}`, INSIDE);
        await Deno.writeTextFile(`${desk.outside}/${name}`, CANARY);
      }
      await race(desk, path, rest, async (attempt) => {
        const name = `d/${many[attempt % many.length]}`;
        if (attempt % 3 === 0) return await desk.call({ operation: "delete", path: name });
        if (attempt % 3 === 1) {
          return await desk.call({ operation: "move", path: name, to: `taken-${attempt}.txt` });
        }
        return await desk.call({ operation: "move", path: "own.txt", to: "d/own.txt" });
      });
      for (const name of many) {
        assert.equal(await Deno.readTextFile(`${desk.outside}/${name}`), CANARY);
      }
      assert.ok(!(await namesOutside(desk)).includes("own.txt"));
    });
  });
}
