import assert from "node:assert/strict";
import fc from "fast-check";
import { type ClamHome, createClamHome, draftOf } from "../../tests/fakes/clam_home.ts";
import type { Clam } from "../domain/clam.ts";
import { CodedError } from "../domain/failure.ts";
import type { Files } from "../platform/platform.ts";
import { parseClamId } from "./id.ts";
import { openLibrary } from "./library.ts";

const code = (expected: string) => (error: unknown) =>
  error instanceof CodedError && error.code === expected;

const read = (home: ClamHome, name: string) => Deno.readTextFile(`${home.path}/workspace/${name}`);
const write = async (home: ClamHome, name: string, text: string) => {
  const path = `${home.path}/workspace/${name}`;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text);
};

Deno.test("a kept clam lies in the documented place and comes back whole (A71)", async () => {
  await using home = await createClamHome();
  const kept = await home.open().library.add(draftOf("return 1"), "generated");
  assert.equal(await read(home, `clams/${kept.id}/current`), "1\n");
  assert.equal(await read(home, `clams/${kept.id}/v1/run.js`), "return 1");
  assert.deepEqual(await home.open().library.get(kept.id), kept);
  assert.equal(kept.manifest.createdAt, "2026-11-24T09:05:00.000Z");
  assert.deepEqual([...Deno.readDirSync(`${home.path}/workspace/build`)], []);
});

Deno.test("what killed attempts left in build/ is removed a day later, and nothing younger", async () => {
  await using home = await createClamHome();
  await write(home, "build/old/run.js", "");
  await write(home, "build/young/run.js", "");
  for (const [name, time] of [["old", "2026-11-23T08:00Z"], ["young", "2026-11-23T10:00Z"]]) {
    const at = Date.parse(time ?? "") / 1000;
    await Deno.utime(`${home.path}/workspace/build/${name}`, at, at);
  }
  await home.open().library.add(draftOf("return 1"), "generated");
  const names = [...Deno.readDirSync(`${home.path}/workspace/build`)].map(({ name }) => name);
  assert.deepEqual(names, ["young"]);
});

Deno.test("replacing keeps the older version, and rollback restores it byte for byte (A72)", async () => {
  await using home = await createClamHome();
  const { library } = home.open();
  const first = await library.add(draftOf("return '\u2028 1 \ud83d\ude00'"), "generated");
  const second = await library.replace(first.id, draftOf("return 2"));
  assert.equal(second.manifest.version, 2);
  assert.equal((await library.get(first.id)).script, "return 2");
  const before = await Deno.readFile(`${home.path}/workspace/clams/${first.id}/v1/run.js`);
  assert.deepEqual(await library.rollback(first.id, 1), first);
  assert.deepEqual(await library.get(first.id), first);
  assert.deepEqual(
    await Deno.readFile(`${home.path}/workspace/clams/${first.id}/v1/run.js`),
    before,
  );
  const third = await library.replace(first.id, draftOf("return 3"));
  assert.deepEqual(
    (await library.history(first.id)).map((one) => [one.version, one.isCurrent]),
    [[1, false], [2, false], [3, true]],
  );
  assert.deepEqual(await library.version(first.id, 2), second);
  assert.equal(third.manifest.version, 3);
});

Deno.test("names in any script, and none at all, never touch another clam (A73, W-AGT-1)", async () => {
  await using home = await createClamHome();
  const { library } = home.open();
  const names = ["Цена биткойна", "比特币价格", "🦪", "", "..", "/", "a", "a"];
  const kept = [];
  for (const name of names) {
    kept.push(await library.add(draftOf("return 1", { name, description: name }), "generated"));
  }
  assert.equal(new Set(kept.map((clam) => clam.id)).size, names.length);
  for (const clam of kept) assert.ok(parseClamId(clam.id));
  assert.deepEqual((await library.list()).map((one) => one.manifest.name).sort(), names.sort());
});

Deno.test("a clam in another language than JavaScript is never handed out to run (A107)", async () => {
  await using home = await createClamHome();
  const { library } = home.open();
  await write(home, "clams/snake/CLAM.md", "---\nname: snake\nlanguage: python\n---\n");
  await write(home, "clams/snake/run.js", "return 1");
  await assert.rejects(library.get("snake"), code("incompatible_language"));
  await assert.rejects(library.find("snake"), code("incompatible_language"));
  await write(
    home,
    "clams/snake/CLAM.md",
    "---\nname: snake\nlanguage: JavaScript\norigin: person\n---\n",
  );
  assert.equal((await library.get("snake")).script, "return 1");
});

Deno.test("what is no plain id is refused everywhere (A77, W-AGT-15)", async () => {
  await using home = await createClamHome();
  const { library } = home.open();
  await write(home, "build/x/CLAM.md", "---\nname: x\n---\n");
  await write(home, "build/x/run.js", "return 1");
  const evil = [
    "../build/x",
    "..",
    ".",
    "",
    "a/b",
    "a\\b",
    "A",
    "a.b",
    "a\n",
    "é",
    "a".repeat(65),
    "-a",
  ];
  for (const id of evil) {
    assert.equal(parseClamId(id), undefined, id);
    await assert.rejects(library.get(id), code("clam_not_found"));
    await assert.rejects(library.history(id), code("clam_not_found"));
    await assert.rejects(library.version(id, 1), code("clam_not_found"));
    await assert.rejects(library.replace(id, draftOf("return 1")), code("clam_not_found"));
    await assert.rejects(library.rollback(id, 1), code("clam_not_found"));
    await assert.rejects(library.adopt(id), code("clam_not_found"));
    await assert.rejects(library.remove(id), code("clam_not_found"));
    await assert.rejects(library.restore(id), code("clam_not_found"));
    assert.equal(await library.find(id), undefined);
  }
});

Deno.test("only texts of the grammar are ids", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 70 }), (text) => {
    assert.equal(
      parseClamId(text) !== undefined,
      /^[a-z0-9][a-z0-9_-]{0,63}$/.test(text) && !text.includes("\n"),
    );
  }));
});

Deno.test("a script that is not the kept one is not handed out, until the person adopts it (A78)", async () => {
  await using home = await createClamHome();
  const { library } = home.open();
  const { id } = await library.add(draftOf("return 1"), "generated");
  await write(home, `clams/${id}/v1/run.js`, "return 666");
  await assert.rejects(library.get(id), code("clam_changed"));
  assert.deepEqual(
    (await library.problems()).map((one) => [one.directory, one.failure.code]),
    [[id, "clam_changed"]],
  );
  const adopted = await library.adopt(id);
  assert.deepEqual([adopted.script, adopted.manifest.origin], ["return 666", "person"]);
  assert.deepEqual(await library.get(id), adopted);
});

Deno.test("promotion keeps exactly the build of this attempt (A74, W-AGT-2)", async () => {
  await using home = await createClamHome();
  const { library } = home.open();
  const rejected = await library.build(draftOf("return 'rejected'"), "generated");
  const accepted = await library.build(draftOf("return 'accepted'"), "generated");
  const kept = await library.promote(accepted);
  assert.equal((await library.get(kept.id)).script, "return 'accepted'");
  await library.discard(rejected);
  await assert.rejects(library.promote(rejected), code("clam_changed"));
  await assert.rejects(library.promote(accepted), code("clam_changed"));
  assert.equal((await library.list()).length, 1);
});

Deno.test("a build that was changed after it ran is not kept", async () => {
  await using home = await createClamHome();
  const { library } = home.open();
  const build = await library.build(draftOf("return 1"), "generated");
  await write(home, `build/${build.id}/run.js`, "return 666");
  await assert.rejects(library.promote(build), code("clam_changed"));
  assert.deepEqual(await library.list(), []);
});

/** Files whose n-th change and all after it fail, as if the process had been killed there. */
function dyingAt(files: Files, life: { left: number }): Files {
  const spend = () => {
    if (life.left-- <= 0) throw new Error("killed");
  };
  return {
    ...files,
    under: (name) => dyingAt(files.under(name), life),
    replace: (name, content) => (spend(), files.replace(name, content)),
    move: (from, to) => (spend(), files.move(from, to)),
    remove: (name) => (spend(), files.remove(name)),
  };
}

Deno.test("killed at any point, a promotion leaves the old version or the new one (A75)", async () => {
  let deaths = 0;
  for (let left = 0;; left++) {
    await using home = await createClamHome();
    const { library } = home.open();
    const old = await library.add(draftOf("return 'old'"), "generated");
    const life = { left };
    const dying = openLibrary({
      workspace: dyingAt(home.workspace, life),
      state: home.state,
      clock: { now: () => home.now } as never,
      random: { id: () => "fresh0build", bytes: () => new Uint8Array() },
      starters: [],
    });
    const ended = await dying.replace(old.id, draftOf("return 'new'")).then(
      () => true,
      () => false,
    );
    dying.close();
    const after = await home.open().library.get(old.id);
    assert.equal(after.script, ended ? "return 'new'" : "return 'old'");
    assert.equal((await home.open().library.list()).length, 1);
    const next = await home.open().library.replace(old.id, draftOf("return 'next'"));
    assert.deepEqual(await home.open().library.get(old.id), next);
    if (ended) break;
    deaths++;
  }
  assert.ok(deaths >= 4, `${deaths}`);
});

Deno.test("killed at any point, a first promotion leaves a whole clam or none (A75)", async () => {
  for (let left = 0;; left++) {
    await using home = await createClamHome();
    const dying = openLibrary({
      workspace: dyingAt(home.workspace, { left }),
      state: home.state,
      clock: { now: () => home.now } as never,
      random: { id: () => "fresh0build", bytes: () => new Uint8Array() },
      starters: [],
    });
    const ended = await dying.add(draftOf("return 1"), "generated").then(() => true, () => false);
    dying.close();
    const { library } = home.open();
    const listed = await library.list();
    for (const { id } of listed) assert.equal((await library.get(id)).script, "return 1");
    assert.deepEqual(await library.problems(), []);
    if (!ended) continue;
    assert.equal(listed.length, 1);
    break;
  }
});

Deno.test("the original's directory is version 1 and can be replaced", async () => {
  await using home = await createClamHome();
  await write(
    home,
    "clams/get-weather/CLAM.md",
    '---\ndescription: "Weather"\nreusable: true\nsource_request: "weather"\n---\n',
  );
  await write(home, "clams/get-weather/run.js", "return 'sun'");
  const { library } = home.open();
  await assert.rejects(library.get("get-weather"), code("clam_quarantined"));
  const old = await library.look("get-weather");
  assert.deepEqual([old.manifest.version, old.manifest.origin, old.script], [
    1,
    "imported",
    "return 'sun'",
  ]);
  assert.match(old.manifest.sha256, /^[0-9a-f]{64}$/);
  await library.replace("get-weather", draftOf("return 'rain'"));
  assert.equal((await library.look("get-weather")).manifest.version, 2);
  assert.equal((await library.rollback("get-weather", 1)).script, "return 'sun'");
});

Deno.test("broken directories are reported and hide nobody (A80)", async () => {
  await using home = await createClamHome();
  const { library } = home.open();
  const good = await library.add(draftOf("return 1"), "generated");
  await write(home, "clams/no-manifest/run.js", "return 1");
  await write(home, "clams/bad-yaml/v1/CLAM.md", "---\nname: [\n---\n");
  await write(home, "clams/no-script/v1/CLAM.md", "---\nname: x\n---\n");
  await write(home, "clams/bad-current/current", "../../x");
  await write(home, "clams/bad-current/v1/CLAM.md", "---\nname: x\n---\n");
  await write(home, "clams/lost-version/current", "7\n");
  await write(home, "clams/Bad Name/v1/CLAM.md", "---\nname: x\n---\n");
  await write(home, "clams/manifest-is-dir/v1/CLAM.md/x", "");
  await write(home, "clams/not-utf8/v1/CLAM.md", "---\nname: x\n---\n");
  await Deno.writeFile(`${home.path}/workspace/clams/not-utf8/v1/run.js`, new Uint8Array([255]));
  await Deno.mkdir(`${home.path}/workspace/clams/empty`);
  const broken = (await library.problems()).map((one) => one.directory);
  assert.deepEqual(broken, [
    "Bad Name",
    "bad-current",
    "bad-yaml",
    "lost-version",
    "manifest-is-dir",
    "no-manifest",
    "no-script",
    "not-utf8",
  ]);
  assert.ok((await library.list()).some((one) => one.id === good.id));
  assert.deepEqual(await library.get(good.id), good);
});

Deno.test("uses are counted under the lock, by several at once (A79)", async () => {
  await using home = await createClamHome();
  const { library } = home.open();
  const { id } = await library.add(draftOf("return 1"), "generated");
  await Promise.all(Array.from({ length: 20 }, () => home.open().library.recordUse(id)));
  assert.deepEqual(JSON.parse(await read(home, "clams/.usage.json")), {
    [id]: { count: 20, last_used: home.now / 1000 },
  });
  assert.deepEqual((await library.list())[0]?.usage, { count: 20, lastUsed: home.now });
});

Deno.test("removing loses nothing, and restore brings the last one back", async () => {
  await using home = await createClamHome();
  const { library, matcher } = home.open();
  const clam = await library.add(draftOf("return 1"), "generated");
  await library.remove(clam.id);
  await assert.rejects(library.get(clam.id), code("clam_not_found"));
  assert.equal(await matcher.find("price of BTC"), undefined);
  assert.equal(await read(home, `clams/.removed/${clam.id}-${home.now}/v1/run.js`), "return 1");
  assert.equal(await library.restore(clam.id), clam.id);
  assert.deepEqual(await library.get(clam.id), clam);
  assert.equal((await matcher.find("price of BTC"))?.clam, clam.id);
  await assert.rejects(library.restore(clam.id), code("clam_not_found"));
});

Deno.test("find() takes an id, the beginning of one, or a name, and never guesses", async () => {
  await using home = await createClamHome();
  const { library } = home.open();
  const price = await library.add(draftOf("return 1", { name: "Price" }), "generated");
  await library.add(draftOf("return 2", { name: "Twice" }), "generated");
  await library.add(draftOf("return 3", { name: "Twice" }), "generated");
  assert.deepEqual(await library.find(price.id), price);
  assert.deepEqual(await library.find("PRICE"), price);
  assert.equal(await library.find("twice"), undefined);
  assert.equal(await library.find("Pric"), undefined);
  assert.equal(await library.find("'; DROP TABLE clam; --"), undefined);
  const others = (await library.list()).filter((one) => one.id !== price.id).map((one) => one.id);
  let length = 1;
  while (others.some((id) => id.startsWith(price.id.slice(0, length)))) length++;
  assert.deepEqual(await library.find(price.id.slice(0, length)), price);
});

const starter: Clam = {
  id: "starter-tide" as Clam["id"],
  script: "return 'high'",
  manifest: {
    ...draftOf("").manifest,
    name: "Tide",
    inputs: {},
    inputSchema: {},
    requests: ["how is the tide"],
    templates: ["tide in {place:text}"],
    version: 1,
    sha256: "a".repeat(64),
    createdAt: "",
    origin: "starter",
  },
};

Deno.test("starters are listed and matched, can be hidden and shown, and not changed (A250)", async () => {
  await using home = await createClamHome();
  const { library, matcher } = home.open([starter]);
  assert.deepEqual(await library.get("starter-tide"), starter);
  assert.equal((await matcher.find("How is the tide?"))?.clam, "starter-tide");
  await assert.rejects(library.replace("starter-tide", draftOf("return 1")), code("usage"));
  await assert.rejects(library.rollback("starter-tide", 1), code("usage"));
  await library.remove("starter-tide");
  assert.deepEqual(await library.list(), []);
  assert.equal(await matcher.find("how is the tide"), undefined);
  assert.equal(await home.open([starter]).matcher.find("tide in Rome"), undefined);
  await library.restore("starter-tide");
  assert.equal((await matcher.find("tide in Rome"))?.clam, "starter-tide");
  assert.equal((await library.list()).length, 1);
});

Deno.test("a directory cannot take the place of a starter", async () => {
  await using home = await createClamHome();
  await write(
    home,
    "clams/starter-tide/v1/CLAM.md",
    "---\nname: x\nreusable: true\nrequests: [how is the tide]\norigin: person\n---\n",
  );
  await write(home, "clams/starter-tide/v1/run.js", "return 'evil'");
  const { library } = home.open([starter]);
  assert.equal((await library.get("starter-tide")).script, "return 'high'");
  assert.equal((await library.list()).length, 1);
  assert.deepEqual((await library.problems()).map((one) => one.directory), ["starter-tide"]);
});

Deno.test("a manifest that could not be read back is refused before anything is kept", async () => {
  await using home = await createClamHome();
  const { library } = home.open();
  let deep: Record<string, unknown> = {};
  for (let i = 0; i < 30; i++) deep = { deep };
  await assert.rejects(
    library.add(draftOf("return 1", { inputs: deep as never }), "generated"),
    code("clam_malformed"),
  );
  assert.deepEqual(await library.list(), []);
});
