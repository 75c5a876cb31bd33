import assert from "node:assert/strict";
import { createHome, homeLayout } from "../../src/config/home.ts";
import { readWallSettings } from "../../src/config/wall_settings.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { openFiles } from "../../src/platform/files.ts";
import { computeWalls } from "../../src/walls/prepare.ts";
import { callBrokenFs } from "../fixtures/broken_fs_core.ts";

// The path check of the file tool is broken on purpose. Each attack is tried twice: without walls,
// where it gets through (so the fault is a real one), and behind the core's permissions.

const CANARY = "the canary sings outside";
const CONFIG = '{ "agents": { "defaults": { "userName": "Ann" } } }';

interface Home extends AsyncDisposable {
  /** The directory around the home. */
  readonly base: string;
  readonly layout: ReturnType<typeof homeLayout>;
  readonly outside: string;
}

async function openHome(): Promise<Home> {
  const base = await Deno.realPath(await Deno.makeTempDir({ prefix: "a266-" }));
  const layout = homeLayout(`${base}/home`);
  await Deno.mkdir(layout.home);
  await createHome(openFiles(layout.home));
  await Deno.writeTextFile(layout.config, CONFIG);
  await Deno.writeTextFile(`${base}/canary.txt`, CANARY);
  return {
    base,
    layout,
    outside: `${base}/canary.txt`,
    [Symbol.asyncDispose]: () => Deno.remove(base, { recursive: true }),
  };
}

/**
 * The call in a worker with the permissions that the launcher computes for this home. `root` is
 * where the broken tool takes its workspace to begin.
 */
async function behindTheWall({ layout }: Home, root: string, args: JsonObject): Promise<string> {
  const settings = readWallSettings(CONFIG);
  const { permissions } = await computeWalls(settings, layout, layout.config, true);
  const core = new Worker(new URL("../fixtures/broken_fs_core.ts", import.meta.url), {
    type: "module",
    name: "broken core",
    deno: { permissions },
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  core.onerror = (event) => (event.preventDefault(), reject(new Error(event.message)));
  core.onmessage = ({ data }) =>
    data === "ready" ? core.postMessage({ root, layout, args }) : resolve(data);
  try {
    return await promise;
  } finally {
    core.terminate();
  }
}

const NO_READING = /^file_failed: .*no permission to read/;
const NO_WRITING = /^file_failed: .*no permission to write/;

Deno.test("A266: with a broken path check the core's wall still stops a read outside the home", async () => {
  await using home = await openHome();
  const read = { operation: "read", path: home.outside };
  assert.match(await callBrokenFs(home.base, home.layout, read), new RegExp(CANARY));
  const told = await behindTheWall(home, home.base, read);
  assert.ok(!told.includes(CANARY));
  assert.match(told, NO_READING);
});

Deno.test("A266: with a broken path check the core's wall still stops a list outside the home", async () => {
  await using home = await openHome();
  const list = { operation: "list", path: home.base };
  assert.match(await callBrokenFs(home.base, home.layout, list), /canary\.txt/);
  assert.match(await behindTheWall(home, home.base, list), NO_READING);
});

const CHANGES: Readonly<Record<string, JsonObject>> = {
  write: { content: "{}" },
  append: { content: " " },
  edit: { old_text: "Ann", new_text: "Eve" },
  delete: {},
};

for (const [operation, fields] of Object.entries(CHANGES)) {
  Deno.test(`A266: with a broken path check the core's wall still stops "${operation}" on config.json`, async () => {
    await using home = await openHome();
    const { layout } = home;
    const args = { operation, path: layout.config, ...fields };
    assert.match(await behindTheWall(home, layout.home, args), NO_WRITING);
    assert.equal(await Deno.readTextFile(layout.config), CONFIG);
    assert.match(await callBrokenFs(layout.home, layout, args), /^\{/);
    assert.notEqual(await Deno.readTextFile(layout.config).catch(() => ""), CONFIG);
  });
}

Deno.test("A266: with a broken path check nothing can be moved away from or over config.json", async () => {
  await using home = await openHome();
  const { layout } = home;
  const away = { operation: "move", path: layout.config, to: `${layout.files}/config.json` };
  assert.match(await behindTheWall(home, layout.home, away), NO_WRITING);
  await Deno.writeTextFile(`${layout.files}/a.json`, "{}");
  const beside = { operation: "move", path: `${layout.files}/a.json`, to: `${layout.home}/a.json` };
  assert.match(await behindTheWall(home, layout.home, beside), NO_WRITING);
  assert.equal(await Deno.readTextFile(layout.config), CONFIG);
  assert.match(await callBrokenFs(layout.home, layout, beside), /^\{/);
});

Deno.test("A266: the same broken tool works in the workspace, behind the same wall", async () => {
  await using home = await openHome();
  const { layout } = home;
  const write = { operation: "write", path: `${layout.files}/a.txt`, content: "inside" };
  assert.match(await behindTheWall(home, layout.home, write), /"created":true/);
  assert.equal(await Deno.readTextFile(`${layout.files}/a.txt`), "inside");
});
