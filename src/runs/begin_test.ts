import assert from "node:assert/strict";
import { basename } from "node:path";
import { SOME_PROGRAM, SOME_TURN } from "../../tests/fakes/alone.ts";
import { MemoryDisk } from "../../tests/fakes/memory_disk.ts";
import { openTestRuns } from "../../tests/fakes/runs.ts";

Deno.test("a run whose process ended in its first line was never begun", async () => {
  const disk = new MemoryDisk();
  const run = openTestRuns({}, disk).open(SOME_TURN);
  await run.beginAttempt(SOME_PROGRAM, null);
  await run.close();
  const [path, text] = [...disk.texts()].find(([path]) => path.endsWith("-t.jsonl")) ??
    assert.fail();
  const whole = new TextEncoder().encode(text);
  for (const length of [0, 20]) {
    const later = disk.restarted();
    await later.openFiles("/home/runs").replace(basename(path), whole.subarray(0, length));
    const runs = openTestRuns({}, later);
    await assert.rejects(runs.find("t"), { code: "run_not_found" });
    const anew = runs.open(SOME_TURN);
    await anew.beginAttempt(SOME_PROGRAM, null);
    await anew.end("completed");
    assert.equal((await runs.find("t")).state, "completed");
    await assert.rejects(runs.open(SOME_TURN).beginAttempt(SOME_PROGRAM, null), {
      code: "run_busy",
    });
  }
});
