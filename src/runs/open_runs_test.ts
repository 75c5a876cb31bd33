import assert from "node:assert/strict";
import { SOME_PROGRAM, SOME_TURN } from "../../tests/fakes/alone.ts";
import { MemoryDisk } from "../../tests/fakes/memory_disk.ts";
import { openTestRuns } from "../../tests/fakes/runs.ts";

Deno.test("runs that have not ended are found without a look into those that have", async () => {
  const disk = new MemoryDisk();
  const runs = openTestRuns({}, disk);
  const ended = runs.open({ ...SOME_TURN, turn: "ended" });
  await ended.beginAttempt(SOME_PROGRAM, null);
  const within = { parent: "ended", place: { attempt: 1, call: 1 } };
  const inner = await runs.openPart({ ...SOME_TURN, ...within, turn: "ended" });
  assert(inner.kind === "open");
  await inner.run.beginAttempt(SOME_PROGRAM, null);
  await inner.run.close();
  await ended.end("completed");
  const open = runs.open({ ...SOME_TURN, turn: "open" });
  await open.beginAttempt(SOME_PROGRAM, null);
  await open.close();
  const listed = async () => (await runs.listOpen()).map(({ run, state }) => [run, state]);
  const all = (await runs.list()).filter(({ record }) => !record?.ended);
  assert.deepEqual(await listed(), all.map(({ run, state }) => [run, state]));
  assert.deepEqual(await listed(), [["open", "interrupted"]]);
  // what nobody reads is not found to be damaged either
  const alone = runs.open({ ...SOME_TURN, turn: "alone" });
  await alone.beginAttempt(SOME_PROGRAM, null);
  await alone.end("completed");
  const files = disk.openFiles("/home/runs");
  const name = (await files.list()).find((one) => one.name.includes("alone"))?.name ?? "";
  const text = await files.readText(name) ?? "";
  await files.replace(name, text.replace('"kind":"attempt"', '"kind":"attemqt"'));
  const damaged = (await runs.list()).filter(({ state }) => state === "damaged");
  assert.deepEqual(damaged.map(({ run }) => run), ["alone"]);
  assert.deepEqual((await listed()).filter(([, state]) => state === "damaged"), []);
});
