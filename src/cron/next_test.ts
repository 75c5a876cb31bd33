import assert from "node:assert/strict";
import fc from "fast-check";
import { type ScheduleCase, TABLE, walk } from "../../tests/schedules/brute_force.ts";
import type { Schedule } from "./job.ts";
import { nextRun, nextRuns } from "./next.ts";

const at = (text: string) => Date.parse(text);
const iso = (times: readonly number[]) => times.map((time) => new Date(time).toISOString());
const cron = (expression: string, zone = "UTC"): Schedule => ({ kind: "cron", expression, zone });

Deno.test("nextRun() agrees with the reference table, whose times were looked up minute by minute (A222)", async () => {
  const lines = (await Deno.readTextFile(TABLE)).trimEnd().split("\n");
  assert(lines.length > 100);
  for (const line of lines) {
    const one = JSON.parse(line) as ScheduleCase & { readonly times: readonly string[] };
    const computed = nextRuns(cron(one.cron, one.zone), at(one.after), one.times.length);
    assert.deepEqual(iso(computed), one.times, `${one.cron} ${one.zone} after ${one.after}`);
  }
});

Deno.test("nextRun() agrees with a walk through every minute from any instant around a change", () => {
  const changes = [
    ["America/New_York", "2027-03-14T07:00:00Z"],
    ["America/New_York", "2027-11-07T06:00:00Z"],
    ["Australia/Lord_Howe", "2027-04-03T15:00:00Z"],
    ["Africa/Casablanca", "2027-03-14T02:00:00Z"],
  ] as const;
  const field = (most: number) =>
    fc.oneof(
      fc.integer({ min: 0, max: most }).map(String),
      fc.constantFrom("*", "*/7", "*/2", "1,3", "0-4", "0-9/3"),
    );
  fc.assert(
    fc.property(
      fc.constantFrom(...changes),
      fc.integer({ min: -240, max: 240 }),
      field(59),
      field(5),
      ([zone, change], minutes, minute, hour) => {
        const after = new Date(at(change) + minutes * 60_000).toISOString();
        const expression = `${minute} ${hour} * * *`;
        const [first] = walk({ cron: expression, zone, after, days: 1.1 });
        const computed = nextRun(cron(expression, zone), at(after));
        assert.equal(computed && new Date(computed).toISOString(), first, expression);
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("a wall time that clocks skip is due at the end of the gap, one shown twice the first time (P107, P111)", () => {
  const newYork = "America/New_York";
  const spring = nextRuns(cron("30 2 * * *", newYork), at("2027-03-13T12:00Z"), 2);
  assert.deepEqual(iso(spring), ["2027-03-14T07:00:00.000Z", "2027-03-15T06:30:00.000Z"]);
  const autumn = nextRuns(cron("30 1 * * *", newYork), at("2027-11-06T12:00Z"), 2);
  assert.deepEqual(iso(autumn), ["2027-11-07T05:30:00.000Z", "2027-11-08T06:30:00.000Z"]);
  const chile = nextRuns(cron("0 0 * * *", "America/Santiago"), at("2027-09-03T12:00Z"), 3);
  assert.deepEqual(iso(chile), [
    "2027-09-04T04:00:00.000Z",
    "2027-09-05T04:00:00.000Z",
    "2027-09-06T03:00:00.000Z",
  ]);
});

Deno.test("days that must fit both fields are written with + (P113)", () => {
  const both = nextRuns(cron("0 9 1-7 * +MON"), at("2026-11-27T00:00Z"), 3);
  assert.deepEqual(iso(both), [
    "2026-12-07T09:00:00.000Z",
    "2027-01-04T09:00:00.000Z",
    "2027-02-01T09:00:00.000Z",
  ]);
});

Deno.test("what comes every so often keeps its phase, whenever it is asked for (A223)", () => {
  const anchor = at("2026-11-28T10:00:07Z");
  const schedule: Schedule = { kind: "every", ms: 60_000, anchor };
  fc.assert(fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (passed) => {
    const next = nextRun(schedule, anchor + passed) ?? 0;
    assert.equal((next - anchor) % 60_000, 0);
    assert(next > anchor + passed && next - anchor - passed <= 60_000);
  }));
  assert.equal(nextRun(schedule, anchor - 5), anchor + 60_000);
});

Deno.test("what is due once is due once", () => {
  assert.equal(nextRun({ kind: "at", at: 1000 }, 999), 1000);
  assert.equal(nextRun({ kind: "at", at: 1000 }, 1000), undefined);
});
