import assert from "node:assert/strict";
import type { IncomingUpdate } from "../channels/channel.ts";
import { JobWorld } from "../../tests/fakes/job_world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const states = (world: JobWorld, job?: string) =>
  world.store.history({ ...(job === undefined ? {} : { job }), most: 500 }).toReversed()
    .map(({ due, state, resumed }) =>
      `${new Date(due).toISOString().slice(0, 16)} ${state}${resumed ? " (resumed)" : ""}`
    );

const failing = (code: string) => () => ({ status: "failed", text: "It failed.", code });

async function daily(world: JobWorld, missed: "once" | "skip" | "all", time = "0 6 * * *") {
  const { job } = await world.book.add({
    ...{ when: { cron: time, timezone: "UTC" }, missed, conversation: "cli:test" },
    work: { kind: "message", text: "hello" },
  });
  return job.id;
}

Deno.test("times that passed while nothing ran are dealt with by the job's policy (A223, P115)", async () => {
  const expected = {
    skip: ["29T06:00 missed", "30T06:00 missed", "01T06:00 missed"],
    once: ["29T06:00 missed", "30T06:00 missed", "01T06:00 done"],
    all: ["29T06:00 done", "30T06:00 done", "01T06:00 done"],
  };
  for (const missed of ["skip", "once", "all"] as const) {
    await using world = await JobWorld.at("2026-11-28T10:00:00Z");
    const id = await daily(world, missed);
    world.clock.advance(3 * DAY);
    await world.restart();
    await world.pass(5 * MINUTE, () => world.end());
    assert.deepEqual(states(world, id).map((line) => line.slice(8)), expected[missed], missed);
    const next = world.store.find(id)?.nextAt ?? 0;
    assert.equal(new Date(next).toISOString(), "2026-12-02T06:00:00.000Z");
  }
});

Deno.test("what is made up is bounded: the newest ten run, the rest is missed (P115)", async () => {
  await using world = await JobWorld.at("2026-11-28T10:00:00Z");
  world.put({
    id: "00000001",
    schedule: { kind: "every", ms: MINUTE, anchor: world.clock.now() },
    missed: "all",
    nextAt: world.clock.now() + MINUTE,
  });
  world.clock.advance(30 * DAY);
  await world.due.look(world.clock.now());
  const runs = world.store.history({ most: 1_000 });
  assert.equal(runs.filter(({ state }) => state !== "missed").length, 10);
  assert.equal(runs.filter(({ state }) => state === "missed").length, 50);
  assert.match(runs.at(-1)?.reason ?? "", /before it/);
});

Deno.test("a job killed while it ran goes on with the same turn, and stands as resumed (P117)", async () => {
  await using world = await JobWorld.at("2026-11-28T05:59:00Z");
  await daily(world, "once");
  await world.pass(2 * MINUTE);
  const [before] = [...world.posted.values()];
  await world.restart();
  assert.deepEqual([...world.posted.values()], [before], "the same update, so the same turn");
  await world.end();
  await world.say(before as IncomingUpdate, { status: "chat", text: "ok" });
  assert.deepEqual(states(world), ["2026-11-28T06:00 done (resumed)"]);
  assert.equal(world.told().length, 1);
});

Deno.test("what is to be done once ends whatever comes of it, and is told once (P118, P120)", async () => {
  for (const code of ["approval_denied", "tool_failed", "budget_exceeded", "stopped"]) {
    await using world = await JobWorld.at("2026-11-28T10:00:00Z");
    const at = world.clock.now() + 2_000;
    world.put({ id: "00000001", schedule: { kind: "at", at }, retries: 3, nextAt: at });
    await world.pass(2 * HOUR, () => world.end(failing(code)));
    assert.equal(world.posted.size, 1, code);
    assert.deepEqual(world.told().length, 1);
    assert.equal(world.store.find("00000001")?.enabled, false);
  }
  await using world = await JobWorld.at("2026-11-28T10:00:00Z");
  const anchor = world.clock.now();
  world.put({
    id: "00000002",
    schedule: { kind: "every", ms: MINUTE, anchor },
    deleteAfterRun: true,
    nextAt: anchor + MINUTE,
  });
  await world.pass(5 * MINUTE, () => world.end(failing("tool_failed")));
  assert.equal(world.posted.size, 1);
  assert.equal(world.store.find("00000002"), undefined);
});

Deno.test("a clock that is set back makes nothing run twice, and one set forward and back loses nothing (P119, P133)", async () => {
  await using world = await JobWorld.at("2026-11-28T11:59:00Z");
  const id = await daily(world, "once", "0 12 * * *");
  const at = world.clock.now() + 2_000;
  world.put({ id: "00000009", schedule: { kind: "at", at }, nextAt: at });
  await world.pass(2 * MINUTE, () => world.end());
  world.clock.advance(3 * HOUR);
  await world.pass(MINUTE, () => world.end());
  world.clock.advance(-4 * HOUR);
  await world.restart();
  await world.pass(20 * HOUR, () => world.end());
  assert.equal(states(world, "00000009").length, 1);
  assert.deepEqual(states(world, id), ["2026-11-28T12:00 done"]);

  // a year ahead, and back: the job does not stand still for a year
  world.clock.advance(365 * DAY);
  await world.pass(MINUTE, () => world.end());
  world.clock.advance(-365 * DAY);
  await world.pass(2 * DAY, () => world.end());
  const days = states(world, id).map((line) => line.slice(0, 10));
  assert(days.includes("2026-11-29") && days.includes("2026-11-30"));
  assert.equal(new Set(states(world, id)).size, states(world, id).length);
});

Deno.test("a sleep of the machine is caught up once, within ten seconds (P131)", async () => {
  await using world = await JobWorld.at("2026-11-28T05:30:00Z");
  for (let count = 0; count < 20; count++) await daily(world, "once");
  world.clock.advance(2 * HOUR); // no timer went on
  const woken = world.clock.now();
  await world.pass(30_000, () => world.end());
  const runs = world.store.history({ most: 100 });
  assert.equal(runs.length, 20);
  assert(
    runs.every(({ state, startedAt = Infinity }) =>
      state === "done" && startedAt - woken <= 20_000
    ),
  );
});

Deno.test("jobs run beside each other up to a limit, and never beside themselves (A224, P123, P126)", async () => {
  await using world = await JobWorld.at("2026-11-28T10:00:00Z", { atOnce: 2 });
  const every = (id: string) =>
    world.put({
      id,
      schedule: { kind: "every", ms: MINUTE, anchor: world.clock.now() },
      nextAt: world.clock.now() + MINUTE,
    });
  every("0000hang");
  every("0000good");
  let most = 0;
  const ended = (update: IncomingUpdate) =>
    update.person.id === "0000good"
      ? { status: "chat", text: "ok" }
      : { status: "running", text: "" };
  await world.pass(10 * MINUTE, async () => {
    most = Math.max(most, world.store.underWay().length);
    for (const update of [...world.posted.values()]) {
      const run = world.store.findRun(update.person.id, Number(update.update.split(":")[1]));
      if (run?.state === "running" && update.person.id === "0000good") {
        await world.say(update, ended(update));
      }
    }
  });
  assert.equal(most, 2);
  const good = states(world, "0000good");
  assert.equal(good.length, 10);
  assert(good.every((line) => line.endsWith("done")));
  const hanging = world.store.history({ job: "0000hang", most: 20 });
  assert.equal(hanging.filter(({ state }) => state === "running").length, 1);
  assert.equal(hanging.filter(({ state }) => state === "skipped").length, 9);
});

Deno.test("with all places taken nothing piles up, and it is not asked for without end (P126)", async () => {
  await using world = await JobWorld.at("2026-11-28T10:00:00Z", { atOnce: 1 });
  for (let count = 0; count < 50; count++) {
    const at = world.clock.now() + MINUTE;
    world.put({
      id: `0000${String(count).padStart(4, "0")}`,
      schedule: { kind: "at", at },
      nextAt: at,
    });
  }
  const looks = await world.pass(HOUR);
  assert.equal(world.posted.size, 1);
  assert(looks < 10, `${looks} looks`);
  await world.pass(10 * MINUTE, () => world.end());
  assert.equal(
    world.store.history({ most: 100 }).filter(({ state }) => state === "done").length,
    50,
  );
});

Deno.test("a failure that may pass is tried again after pauses, and told once with its due time (A225, P134, P135)", async () => {
  await using world = await JobWorld.at("2026-11-28T05:59:00Z");
  const { job } = await world.book.add({
    ...{ when: { cron: "0 6 * * *", timezone: "UTC" }, conversation: "cli:test", name: "news" },
    work: { kind: "message", text: "hello" },
  });
  await world.pass(2 * HOUR, () => world.end(failing("provider_broken")));
  assert.equal(world.posted.size, 4, "one try, and three more");
  const [text = "", ...more] = world.told();
  assert.deepEqual(more, []);
  assert.match(text, /"news" \(\w{8}\), due 2026-11-28 06:00, failed, tried 4 times: It failed\./);
  await world.pass(8 * DAY, () => world.end(failing("provider_broken")));
  assert.equal(world.told().length, 1, "further ones are summed up");
  await world.pass(DAY, () => world.end(failing("provider_broken")));
  assert.match(world.told()[1] ?? "", /failed 10 times in a row/);
  await world.pass(DAY, () => world.end());
  assert.match(world.told()[2] ?? "", /works again, after 10 runs/);
  assert.equal(world.store.find(job.id)?.enabled, true);
});

Deno.test("a run that had an effect is not tried again: nothing is done twice", async () => {
  await using world = await JobWorld.at("2026-11-28T05:59:00Z");
  await daily(world, "once");
  await world.pass(2 * MINUTE, () => {
    for (const { turn } of world.store.underWay()) world.effects.add(turn ?? "");
  });
  await world.pass(2 * HOUR, () => world.end(failing("provider_broken")));
  assert.equal(world.posted.size, 1);
  assert.deepEqual(states(world), ["2026-11-28T06:00 failed"]);
});

Deno.test("a run that waits for a person keeps the next ones from asking the same, and takes no place", async () => {
  await using world = await JobWorld.at("2026-11-28T05:59:00Z", { atOnce: 1 });
  const id = await daily(world, "once");
  await world.pass(
    2 * MINUTE,
    () => world.end(() => ({ status: "needs_person", text: "May I?", question: "q1" })),
  );
  assert.match(world.told()[0] ?? "", /needs an answer[^]*May I\?/);
  const other = await daily(world, "once", "0 7 * * *");
  await world.pass(2 * DAY, () => world.end(() => ({ status: "chat", text: "ok" })));
  assert.deepEqual(states(world, id).map((line) => line.slice(8)), [
    "28T06:00 waiting",
    "29T06:00 skipped",
    "30T06:00 skipped",
  ]);
  assert.equal(states(world, other).filter((line) => line.endsWith("done")).length, 2);
});

Deno.test("while everything is stopped nothing begins, and what comes due is skipped (P053)", async () => {
  await using world = await JobWorld.at("2026-11-28T05:59:00Z");
  await daily(world, "once");
  const { job } = await world.book.add({
    ...{ when: { cron: "0 6 * * *", timezone: "UTC" }, conversation: "cli:test" },
    work: { kind: "text", text: "Wake up" },
  });
  world.isStopped = true;
  await world.pass(2 * MINUTE);
  assert.equal(world.posted.size, 0);
  assert.deepEqual(world.told(), []);
  assert.deepEqual(states(world, job.id), ["2026-11-28T06:00 skipped"]);
  world.isStopped = false;
  await world.pass(DAY, () => world.end());
  assert.deepEqual(world.told().toSorted(), ["Wake up", "ok"]);
});

Deno.test("a text is told as it is, late ones name their time, and --no-deliver tells nothing (A226, A228)", async () => {
  await using world = await JobWorld.at("2026-11-28T05:59:00Z");
  const add = (text: string, deliver: boolean) =>
    world.book.add({
      ...{ when: { cron: "0 6 * * *", timezone: "UTC" }, conversation: "cli:test" },
      ...{ work: { kind: "text", text }, delivery: { deliver } },
    });
  await add("Tea", true);
  await add("Secret tea", false);
  await world.pass(2 * MINUTE);
  assert.deepEqual(world.told(), ["Tea"]);
  assert.equal(world.posted.size, 0, "no model is asked");
  world.clock.advance(DAY + HOUR);
  await world.pass(2 * MINUTE);
  assert.deepEqual(world.told(), ["Tea", "(due 2026-11-29 06:00)\nTea"]);
});

Deno.test("times further away than timers can hold begin nothing (P122)", async () => {
  await using world = await JobWorld.at("2026-11-28T10:00:00Z");
  for (const days of [40, 400]) {
    const at = world.clock.now() + days * DAY;
    world.put({
      id: `0000${String(days).padStart(4, "0")}`,
      schedule: { kind: "at", at },
      nextAt: at,
    });
  }
  await world.pass(DAY, () => world.end());
  assert.deepEqual(states(world), []);
  await world.pass(399 * DAY, () => world.end());
  assert.deepEqual(states(world).map((line) => line.slice(0, 10)), ["2027-01-07", "2028-01-02"]);
});

Deno.test("a job that is disabled is not tried again, and one that is removed begins nothing", async () => {
  await using world = await JobWorld.at("2026-11-28T05:59:00Z");
  const id = await daily(world, "once");
  const { job } = await world.book.add({
    ...{ when: { cron: "0 6 * * *", timezone: "UTC" }, conversation: "cli:test", retries: 3 },
    work: { kind: "message", text: "hello" },
  });
  await world.pass(MINUTE + 1_000, () => world.end(failing("provider_broken")));
  await world.book.enable(job.id, false);
  await world.book.remove(id);
  const before = world.posted.size;
  await world.pass(2 * DAY, () => world.end());
  assert.equal(world.posted.size, before);
  assert.deepEqual(states(world, job.id), ["2026-11-28T06:00 skipped"]);
});
