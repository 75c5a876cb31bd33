import assert from "node:assert/strict";
import { nextRun } from "../cron/next.ts";
import type { Job, Schedule } from "../cron/job.ts";
import { JobWorld } from "../../tests/fakes/job_world.ts";

// Weeks of jobs (CLAMBOT_YEAR: a whole year) on a clock of its own: kills, sleeps of the machine, clocks that are set. The ledger
// has every time of every job once.

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The weeks after it have clocks that change in four of the zones. */
const START = Date.parse("2026-10-01T10:00:00Z");
const JOBS = 200;
/** CLAMBOT_YEAR makes it a year, and how much oftener than usual each job is due. */
const DENSITY = Number(Deno.env.get("CLAMBOT_YEAR") ?? 1);
const DAYS = Deno.env.has("CLAMBOT_YEAR") ? 365 : 42;
const SEED = 20_261_128;

/** The same numbers for the same seed (mulberry32). */
function createChance(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 * below);
  };
}

const ZONES = [
  ...["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"],
  ...["Africa/Casablanca", "UTC"],
];

function scheduleOf(chance: (below: number) => number): Schedule {
  const zone = ZONES[chance(ZONES.length)] ?? "UTC";
  const [minute, hour] = [chance(60), chance(24)];
  switch (chance(10)) {
    case 0: // in the night in which clocks change
      return {
        kind: "cron",
        expression: `${minute} ${1 + chance(2)} * 3,4,10,11 ${chance(7)}`,
        zone,
      };
    case 1:
      return { kind: "at", at: START + 1 + chance(360) * DAY + chance(DAY) };
    case 2:
    case 3:
      return {
        ...{ kind: "every", anchor: START - chance(DAY) },
        ms: Math.floor((20 + chance(40)) * DAY / DENSITY),
      };
    case 4:
      return { kind: "cron", expression: `${minute} ${hour} 29 2,8 *`, zone };
    default: {
      const days = Array.from({ length: Math.ceil(DENSITY) }, () => 1 + chance(28)).join(",");
      return { kind: "cron", expression: `${minute} ${hour} ${days} * *`, zone };
    }
  }
}

function putJobs(world: JobWorld, chance: (below: number) => number): readonly Job[] {
  return Array.from({ length: JOBS }, (_, at) => {
    const schedule: Schedule = at === 0
      ? { kind: "every", ms: 2 * DAY, anchor: START }
      : scheduleOf(chance);
    const nextAt = nextRun(schedule, START);
    return world.put({
      ...{ id: at.toString(36).padStart(8, "0"), schedule },
      ...{ missed: (["once", "skip", "all"] as const)[chance(3)] ?? "once", retries: chance(3) },
      ...(nextAt === undefined ? {} : { nextAt }),
    });
  });
}

/** A job whose runs often last into its next time. */
const SLOW = "00000000";

/** Every time of a job up to an instant. */
function timesUpTo({ schedule }: Job, end: number): readonly number[] {
  const times: number[] = [];
  for (let at = nextRun(schedule, START); at !== undefined && at <= end;) {
    times.push(at);
    at = nextRun(schedule, at);
  }
  return times;
}

Deno.test(`${DAYS} days of ${JOBS} jobs, kills, sleeps and clocks that are set: the ledger has each time once`, async () => {
  const chance = createChance(SEED);
  await using world = await JobWorld.at(new Date(START).toISOString(), { atOnce: 8 });
  const jobs = putJobs(world, chance);
  /** Ends that counted, by job and time. */
  const ends = new Map<string, number>();
  let latest = START;
  let kills = 0;

  async function endSome(share: number): Promise<void> {
    const under = world.store.underWay();
    assert.equal(new Set(under.map(({ job }) => job)).size, under.length, "beside itself");
    for (const { job, due, tries } of under) {
      if (chance(100) >= (job === SLOW && share < 100 ? 2 : share)) continue; // it goes on, maybe into the next process
      const update = world.posted.get(`${job}:${due}:${tries}`);
      assert(update, "it runs, and was never said");
      const fails = chance(8) === 0;
      const how = fails
        ? { status: "failed", text: "No.", code: chance(2) ? "network_failed" : "tool_failed" }
        : { status: "chat", text: "ok" };
      await world.say(update, how);
      await world.say(update, how); // what is told again counts once
      if (fails) continue;
      ends.set(`${job}:${due}`, (ends.get(`${job}:${due}`) ?? 0) + 1);
    }
  }

  while (world.clock.now() < START + DAYS * DAY) {
    await world.pass(chance(3 * DAY), () => endSome(90));
    latest = Math.max(latest, world.clock.now());
    switch (chance(5)) {
      case 0:
        kills++;
        await world.restart();
        break;
      case 1: // the machine sleeps, and its process goes on
        world.clock.advance(chance(2 * DAY));
        break;
      case 2: // the clock is set back
        world.clock.advance(-chance(3 * HOUR));
        break;
      case 3: // nothing runs for a while
        world.clock.advance(chance(3 * DAY));
        await world.restart();
        break;
    }
  }
  await world.pass(2 * DAY, () => endSome(100));
  latest = Math.max(latest, world.clock.now());

  assert(kills > 1, `${kills} kills`);
  let rows = 0;
  for (const job of jobs) {
    const runs = world.store.history({ job: job.id, most: 10_000 }).toReversed();
    rows += runs.length;
    const what = `${job.id} ${JSON.stringify(job.schedule)} ${job.missed}`;
    assert.deepEqual(runs.map(({ due }) => due), timesUpTo(job, latest), what);
    for (const { due, state, reason } of runs) {
      assert(["done", "failed", "skipped", "missed"].includes(state), `${what}: ${state}`);
      const times = ends.get(`${job.id}:${due}`) ?? 0;
      assert.equal(times, state === "done" ? 1 : 0, `${what}: ${state} after ${times} ends`);
      if (state !== "done") assert(reason, `${what}: ${state} without a reason`);
    }
  }
  const all = world.store.history({ most: 1_000_000 });
  assert.equal(all.length, rows);
  for (const state of ["done", "failed", "skipped", "missed"]) {
    assert(all.some((one) => one.state === state), `no run is ${state}`);
  }
  assert(all.some(({ resumed }) => resumed));
});
