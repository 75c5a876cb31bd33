import assert from "node:assert/strict";
import { SOME_PROGRAM, SOME_TURN } from "../../tests/fakes/alone.ts";
import { MemoryDisk } from "../../tests/fakes/memory_disk.ts";
import { NO_SECRETS } from "../../tests/fakes/plainly.ts";
import { openTestRuns } from "../../tests/fakes/runs.ts";
import { openAudit } from "../audit/audit.ts";
import { verifyChain } from "../audit/verify.ts";
import { createClock } from "../platform/deno.ts";
import type { CallRecord } from "../domain/tool_call.ts";
import type { Run } from "./run.ts";

const ARGS = { path: "a.txt" };
const RECORD: CallRecord = { tool: "fs", args: ARGS, decision: "once", outcome: "ok" };

function home() {
  const disk = new MemoryDisk();
  const files = disk.openFiles("/home/audit");
  const audit = openAudit(files, createClock());
  const runs = openTestRuns({ audit }, disk);
  const restored = async () =>
    (await audit.read()).filter((line) => line.restored === true)
      .map(({ kind, run, attempt, call, tool }) => [kind, run, attempt, call, tool]);
  return { audit, files, runs, restored };
}

/** Two calls: the end of the first is on record, the second was begun. */
async function killedRun(run: Run): Promise<void> {
  const attempt = await run.beginAttempt(SOME_PROGRAM, null);
  for (const call of [1, 2]) {
    const place = { call, print: `p${call}`, fingerprint: `f${call}` };
    const intent = await attempt.intend({
      ...place,
      ...{ tool: "fs", args: ARGS, effect: "write", decision: "once", repeatable: false },
    });
    if (call === 2) break;
    const result = { kind: "result", value: 1 } as const;
    intent.done(result);
    const told = { result, now: 1, record: RECORD, foreign: false, happened: true, durable: true };
    await attempt.tell({ ...place, ...told }, Promise.resolve());
  }
  await run.close();
}

Deno.test("what a kill kept from the audit log comes from the record of the run, once", async () => {
  const { files, runs, restored } = home();
  await killedRun(runs.open(SOME_TURN));
  assert.deepEqual(await restored(), []);
  for (let times = 0; times < 2; times++) await (await runs.takeUp("t")).close();
  assert.deepEqual(await restored(), [
    ["tool_call_begins", "t", 1, 2, "fs"],
    ["tool_call", "t", 1, 1, "fs"],
  ]);
  const verified = await verifyChain(files);
  assert.equal(verified.kind, "intact", JSON.stringify(verified));
});

Deno.test("what stands in the log is not restored", async () => {
  const { audit, runs, restored } = home();
  await killedRun(runs.open(SOME_TURN));
  const place = { run: "t", attempt: 1 };
  await audit.record("tool_call", NO_SECRETS.clean({ ...place, call: 1 }));
  await audit.record("tool_call_begins", NO_SECRETS.clean({ ...place, call: 2 }));
  await (await runs.takeUp("t")).close();
  assert.deepEqual(await restored(), []);
});

Deno.test("a run is not gone on with while its lines cannot be added", async () => {
  const { audit } = home();
  const full = { ...audit, record: () => Promise.reject(new TypeError("full")) };
  const disk = new MemoryDisk();
  const again = openTestRuns({ audit: full }, disk);
  await killedRun(again.open(SOME_TURN));
  await assert.rejects(again.takeUp("t"), /full/);
  assert.equal((await again.find("t")).state, "interrupted");
});
