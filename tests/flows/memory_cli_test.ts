import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

const MEMORY = ".clambot/workspace/memory/MEMORY.md";
const WAITING = ".clambot/workspace/memory/waiting.json";
const HISTORY = ".clambot/workspace/memory/HISTORY.md";

const read = (clambot: Clambot, path: string) => Deno.readTextFile(`${clambot.directory}/${path}`);

Deno.test("memory forget shows what goes, needs --yes without a terminal, and can be undone", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const before = "# Memory\n\n- Lives in Berlin\n- Likes ❤️ and \x1b[31mred\n";
  await clambot.write(MEMORY, before);
  const unasked = await clambot.here.run(["memory", "forget", "lives", "in", "Berlin"]);
  assert.equal(unasked.code, 3);
  assert.equal(unasked.stdout, "- Lives in Berlin\n");
  assert.match(unasked.stderr, /--yes/);
  assert.equal(await read(clambot, MEMORY), before);
  const done = await clambot.run(["memory", "forget", "Berlin", "--yes"]);
  assert.equal(done.code, 0);
  assert.doesNotMatch(await read(clambot, MEMORY), /Berlin/);
  const id = /clambot memory undo (\S+)/.exec(done.stdout)?.[1] ?? "";
  assert.equal((await clambot.here.run(["memory", "undo", id])).code, 0);
  assert.match(await read(clambot, MEMORY), /- Lives in Berlin/);
  const shown = await clambot.here.run(["memory", "show"]);
  assert.match(shown.stdout, /Likes ❤️ and \\u\{1b\}\[31mred/);
});

Deno.test("memory search, history and waiting list with --json; keep marks, drop drops", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.write(MEMORY, "- Reads in the library\n");
  await clambot.write(HISTORY, "\n## 2026-11-20 10:00\n\nThe library opens at nine.\n");
  const at = "2026-11-20T10:00:00.000Z";
  const waiting = [{ id: "aa", text: "Likes jazz", turn: "t", at }, {
    id: "bb",
    text: "Owes Bob",
    turn: "t",
    at,
  }];
  await clambot.write(WAITING, JSON.stringify(waiting));
  const found = await clambot.here.json(["memory", "search", "library"]);
  assert.deepEqual(found.object.facts, [{ text: "Reads in the library", marked: false }]);
  assert.equal((found.object.history as unknown[]).length, 1);
  const history = await clambot.here.run(["memory", "history"]);
  assert.match(history.stdout, /2026-11-20 10:00\n {2}The library opens at nine\./);
  assert.deepEqual((await clambot.here.json(["memory", "waiting"])).object, waiting);
  assert.match((await clambot.here.run(["memory", "keep", "aa"])).stdout, /Likes jazz/);
  assert.match(await read(clambot, MEMORY), /- Likes jazz <!-- marked -->/);
  assert.equal((await clambot.here.run(["memory", "drop", "bb"])).code, 0);
  assert.deepEqual(JSON.parse(await read(clambot, WAITING)), []);
  const unknown = await clambot.here.run(["memory", "keep", "cc"]);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /No fact waits with the id "cc"/);
});
