import assert from "node:assert/strict";
import { SOME_PROGRAM, SOME_TURN } from "../../tests/fakes/alone.ts";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import { MemoryDisk } from "../../tests/fakes/memory_disk.ts";
import { NO_SECRETS } from "../../tests/fakes/plainly.ts";
import { openTestRuns } from "../../tests/fakes/runs.ts";
import type { Run } from "../runs/run.ts";
import { openSessions } from "../sessions/sessions.ts";
import { expireRuns } from "./expired_runs.ts";

const WISH = { name: "KEY", place: { kind: "bearer" }, hosts: [], foreign: false } as const;
const HOUR = 3_600_000;

/** A home with a run that asks, and what looks after it. */
async function home(purpose: "turn" | "script" = "turn") {
  const disk = new MemoryDisk();
  const clock = createFakeClock();
  const runs = openTestRuns({ clock, questionMs: HOUR }, disk);
  const sessions = openSessions(disk.openFiles("/home/sessions"), clock);
  const run = runs.open({ ...SOME_TURN, purpose });
  await ask(run);
  await run.close();
  const stores = { runs, sessions, redactor: NO_SECRETS };
  const said = async () =>
    (await sessions.read("cli:alone")).map(({ content, metadata }) => [metadata.code, content]);
  return { disk, clock, runs, said, stores };
}

async function ask(run: Run): Promise<void> {
  await run.beginAttempt(SOME_PROGRAM, null);
  const matter = { kind: "secret", wish: WISH } as const;
  await run.ask({ call: 1, fingerprint: "f", matter });
}

const TOLD = [
  "question_expired",
  "Nobody answered its question in time, so it ended there and nothing more was done.",
];

Deno.test("A128: a run whose question nobody answered in time ends as expired, told once", async () => {
  const { clock, runs, said, stores } = await home();
  clock.advance(HOUR - 1);
  assert.deepEqual(await expireRuns(stores), []);
  assert.equal((await runs.find("t")).state, "waiting");
  clock.advance(1);
  assert.deepEqual(await expireRuns(stores), ["t"]);
  assert.deepEqual(await expireRuns(stores), []);
  const { state, record } = await runs.find("t");
  assert.equal(state, "expired");
  assert.equal(record?.questions[0]?.answer?.reply.kind, "expired");
  assert.deepEqual(await said(), [TOLD]);
  await assert.rejects(runs.takeUp("t"), { code: "run_ended" });
});

Deno.test("two that look at the same time tell of it once", async () => {
  const { clock, said, stores } = await home();
  clock.advance(HOUR);
  await Promise.all([expireRuns(stores), expireRuns(stores)]);
  assert.deepEqual(await said(), [TOLD]);
});

Deno.test("a kill between the entry and the end of the run leaves one entry", async () => {
  const { clock, runs, said, stores } = await home();
  clock.advance(HOUR);
  const broken = {
    ...runs,
    expire: (tell: Parameters<typeof runs.expire>[0]) =>
      runs.expire(async (record) => {
        await tell(record);
        throw new TypeError("killed");
      }),
  };
  await assert.rejects(expireRuns({ ...stores, runs: broken }), TypeError);
  assert.equal((await runs.find("t")).state, "waiting");
  assert.deepEqual(await expireRuns(stores), ["t"]);
  assert.deepEqual(await said(), [TOLD]);
});

Deno.test("a script that nobody answered ends too, and no conversation hears of it", async () => {
  const { clock, runs, said, stores } = await home("script");
  clock.advance(HOUR);
  assert.deepEqual(await expireRuns(stores), ["t"]);
  assert.equal((await runs.find("t")).state, "expired");
  assert.deepEqual(await said(), []);
});

Deno.test("a part that nobody answered in time ends with the run that it is a part of", async () => {
  const { clock, runs, stores } = await home("script");
  clock.advance(HOUR);
  await expireRuns(stores);
  const whole = runs.open({ ...SOME_TURN, turn: "whole" });
  await whole.beginAttempt(SOME_PROGRAM, null);
  const place = { attempt: 1, call: 1 };
  const opened = await runs.openPart({ ...SOME_TURN, turn: "whole", parent: "whole", place });
  assert.ok(opened.kind === "open");
  const part = opened.run;
  await ask(part);
  await part.close();
  await whole.close();
  assert.equal((await runs.find("whole")).state, "waiting");
  assert.equal(await runs.rootOf(part.id), "whole");
  clock.advance(HOUR);
  assert.deepEqual(await expireRuns(stores), ["whole"]);
  assert.equal((await runs.find("whole")).state, "expired");
  assert.equal((await runs.find(part.id)).state, "expired");
});
