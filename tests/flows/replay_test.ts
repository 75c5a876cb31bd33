import assert from "node:assert/strict";
import { homeLayout } from "../../src/config/home.ts";
import { createClock, createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import { sha256Hex } from "../../src/text/canonical_json.ts";
import { SOME_PROGRAM, SOME_TURN } from "../fakes/alone.ts";
import { openTestRuns } from "../fakes/runs.ts";
import { Clambot } from "./clambot.ts";

Deno.test("A262: a replay that comes to another result shows the first difference, and ends with 1", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { here } = clambot;
  await here.run(["status"]);
  const { runs, secrets } = homeLayout(clambot.home);
  const [clock, random] = [createClock(), createRandom()];
  const all = openTestRuns({ files: openFiles(runs), secrets: openFiles(secrets), clock, random });
  const source = `async function run() { return 1 + 1; }`;
  const leave = async (value: number) => {
    const turn = random.id();
    const run = all.open({ ...SOME_TURN, turn, purpose: "script" });
    const program = { ...SOME_PROGRAM, source, sha256: await sha256Hex(source) };
    await run.beginAttempt(program, { kind: "script" });
    await run.came({ kind: "completed", value, console: [] });
    await run.end("completed");
    return turn;
  };
  const same = await here.json(["runs", "replay", await leave(2)]);
  assert.deepEqual([same.code, same.object.same], [0, true]);
  const other = await here.json(["runs", "replay", await leave(3)]);
  assert.equal(other.code, 1);
  const difference = { attempt: 1, what: "the result", recorded: "3", now: "2" };
  assert.deepEqual(other.object.difference, difference);
});
