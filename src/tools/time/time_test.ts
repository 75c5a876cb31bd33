import assert from "node:assert/strict";
import fc from "fast-check";
import { CodedError } from "../../domain/failure.ts";
import type { JsonObject } from "../../domain/json.ts";
import { PLACES } from "./places.ts";
import { createTimeTool } from "./time.ts";
import { CALLER, NOBODY_TO_ASK } from "../../../tests/fakes/alone.ts";

const tool = createTimeTool({
  now: () => Date.UTC(2026, 10, 24, 9, 5),
  zone: () => "Europe/Vienna",
});

async function time(args: JsonObject): Promise<JsonObject> {
  const prepared = await tool.prepare(
    args,
    CALLER,
    new AbortController().signal,
  );
  assert.equal(prepared.effect, "none");
  return await prepared.run(
    undefined as never,
    new AbortController().signal,
    NOBODY_TO_ASK,
  ) as JsonObject;
}

async function complaint(args: JsonObject): Promise<string> {
  const error = await time(args).then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof CodedError && error.code === "tool_arguments_invalid", `${error}`);
  return error.message;
}

Deno.test("time now tells the time of a zone or place in every form", async () => {
  const expected = {
    iso: "2026-11-24T18:05:00+09:00",
    zone: "Asia/Tokyo",
    date: "2026-11-24",
    time: "18:05:00",
    weekday: "Tuesday",
    offset: "+09:00",
    epoch_ms: Date.UTC(2026, 10, 24, 9, 5),
    text: "18:05 on Tuesday, 24 November 2026",
  };
  assert.deepEqual(await time({ operation: "now", zone: "Asia/Tokyo" }), expected);
  assert.deepEqual(await time({ operation: "now", place: "Tokyo" }), expected);
});

Deno.test("time now without a place is the person's own time", async () => {
  const { zone, time: clock } = await time({ operation: "now" });
  assert.deepEqual([zone, clock], ["Europe/Vienna", "10:05:00"]);
});

Deno.test("time zone knows cities, countries, abbreviations, IANA names and offsets", async () => {
  const expected = {
    "Tokyo": "Asia/Tokyo",
    "new york": "America/New_York",
    "São Paulo": "America/Sao_Paulo",
    "Zürich, Switzerland": "Europe/Zurich",
    "the Netherlands": "Europe/Amsterdam",
    "U.S.A.": "America/New_York",
    "Germany": "Europe/Berlin",
    "EST": "America/New_York",
    "CET": "Europe/Berlin",
    "asia/kolkata": "Asia/Kolkata",
    "Kolkata": "Asia/Kolkata",
    "Kathmandu": "Asia/Kathmandu",
    "Kyiv": "Europe/Kyiv",
    "US/Pacific": "America/Los_Angeles",
    "UTC": "Etc/UTC",
    "UTC+2": "+02:00",
    "-03:30": "-03:30",
  };
  for (const [place, zone] of Object.entries(expected)) {
    const found = await time({ operation: "zone", place });
    assert.equal(
      String(found.zone).replace("Asia/Calcutta", "Asia/Kolkata").replace(/^UTC$/, "Etc/UTC"),
      zone,
      place,
    );
  }
});

Deno.test("time knows every country that has one zone only, by its name", async () => {
  for (
    const [place, zone] of [
      ["Trinidad and Tobago", "America/Port_of_Spain"],
      ["the Gambia", "Africa/Banjul"],
      ["Côte d'Ivoire", "Africa/Abidjan"],
      ["Vanuatu", "Pacific/Efate"],
      ["Benin", "Africa/Porto-Novo"],
    ] as const
  ) {
    assert.equal((await time({ operation: "zone", place })).zone, zone, place);
  }
});

Deno.test("time takes a place with its country or state, and no other place of that name", async () => {
  const expected = {
    "Paris, France": "Europe/Paris",
    "London, UK": "Europe/London",
    "London, England, United Kingdom": "Europe/London",
    "Tokyo, Japan": "Asia/Tokyo",
    "Austin, Texas, USA": "America/Chicago",
    "Boston, MA": "America/New_York",
    "San Francisco, CA": "America/Los_Angeles",
    "Portland, Oregon": "America/Los_Angeles",
    "New York, New York": "America/New_York",
    "Washington, D.C.": "America/New_York",
    "Mumbai, India": "Asia/Kolkata",
    "Sydney, Australia": "Australia/Sydney",
    "Toronto, Ontario": "America/Toronto",
    "San José, Costa Rica": "America/Costa_Rica",
    "San Juan, Argentina": "America/Argentina/San_Juan",
    "Rotterdam, the Netherlands": "Europe/Amsterdam",
  };
  for (const [place, zone] of Object.entries(expected)) {
    const found = await time({ operation: "zone", place });
    assert.equal(String(found.zone).replace("Asia/Calcutta", "Asia/Kolkata"), zone, place);
  }
  const others = [
    "Paris, Texas",
    "Birmingham, Alabama",
    "London, Ontario",
    "Moscow, Idaho",
    "Cambridge, MA",
    "Portland, Maine",
    "Athens, Georgia",
    "Paris, Texas, France",
    "Paris, Atlantis",
    "Melbourne, Florida, USA",
  ];
  for (const place of others) {
    assert.match(await complaint({ operation: "now", place }), /is no place or time zone/, place);
  }
});

Deno.test("time knows every zone of the database, and no fewer than 300 places besides", async () => {
  for (const zone of Intl.supportedValuesOf("timeZone")) await time({ operation: "now", zone });
  assert.ok(PLACES.size >= 300);
  for (const [place, zone] of PLACES) {
    const found = await time({ operation: "zone", place });
    const offset = (await time({ operation: "now", zone })).offset;
    assert.equal(found.offset, offset, place);
  }
});

Deno.test("time suggests a place for one that it does not know, but not wildly", async () => {
  assert.match(await complaint({ operation: "zone", place: "Tokio" }), /perhaps Tokyo\.$/);
  assert.match(await complaint({ operation: "now", zone: "東京" }), /known here\.$/);
  assert.match(await complaint({ operation: "now", zone: "" }), /known here\.$/);
});

Deno.test("time convert carries a local time to another zone, with the date that holds there", async () => {
  const there = await time({
    operation: "convert",
    at: "2026-11-24T18:05",
    from: "Los Angeles",
    to: "Tokyo",
  });
  assert.equal(there.iso, "2026-11-25T11:05:00+09:00");
  const today = await time({ operation: "convert", at: "18:05", from: "Tokyo", to: "Berlin" });
  assert.equal(today.iso, "2026-11-24T10:05:00+01:00");
});

Deno.test("time convert keeps the instant of a time that has its own offset", async () => {
  const there = await time({
    operation: "convert",
    at: "2026-11-24T18:05Z",
    from: "Tokyo",
    to: "UTC",
  });
  assert.equal(there.time, "18:05:00");
});

Deno.test("time add takes the last day where a month has no such day", async () => {
  const at = (args: JsonObject) => time({ operation: "add", zone: "UTC", ...args });
  assert.equal((await at({ at: "2026-01-31", months: 1 })).date, "2026-02-28");
  assert.equal((await at({ at: "2024-02-29", years: 1 })).date, "2025-02-28");
  assert.equal((await at({ at: "2026-03-31", months: -1, days: 1 })).date, "2026-03-01");
  assert.equal((await at({ at: "2024-02-29", years: 1, months: 1 })).date, "2025-03-29");
  const night = { operation: "add", at: "2026-03-01T02:30", zone: "America/New_York" };
  assert.equal((await time({ ...night, weeks: 1, days: 1 })).time, "02:30:00"); // not by way of a gap
  assert.equal(
    (await at({ at: "2026-12-31", weeks: 1, hours: 25 })).iso,
    "2027-01-08T01:00:00+00:00",
  );
});

Deno.test("time moves a local time out of the gap of the clock, and takes the first of two", async () => {
  const at = (args: JsonObject) => time({ operation: "add", zone: "Europe/Vienna", ...args });
  assert.equal((await at({ at: "2026-03-29T02:30" })).iso, "2026-03-29T03:30:00+02:00");
  assert.equal((await at({ at: "2026-10-25T02:30" })).iso, "2026-10-25T02:30:00+02:00");
  // a day is a calendar day, hours are exact
  assert.equal((await at({ at: "2026-03-28T12:00", days: 1 })).iso, "2026-03-29T12:00:00+02:00");
  assert.equal((await at({ at: "2026-03-28T12:00", hours: 24 })).iso, "2026-03-29T13:00:00+02:00");
});

Deno.test("time between tells days and hours, exact seconds and the calendar's distance", async () => {
  const gap = await time({
    operation: "between",
    at: "2024-02-29T10:00",
    to: "2026-11-24T12:30:15",
    zone: "UTC",
  });
  assert.deepEqual(gap, {
    days: 999,
    hours: 2,
    minutes: 30,
    seconds: 15,
    total_seconds: 999 * 86_400 + 9015,
    calendar: { years: 2, months: 8, days: 26 },
  });
  const back = await time({
    operation: "between",
    at: "2026-01-02",
    to: "2026-01-01",
    zone: "UTC",
  });
  assert.equal(back.days, -1);
});

Deno.test("time between counts the shorter day of a clock change as a day", async () => {
  const gap = await time({
    operation: "between",
    at: "2026-03-29",
    to: "2026-03-30",
    zone: "Europe/Vienna",
  });
  assert.deepEqual([gap.days, gap.hours, gap.total_seconds], [1, 0, 23 * 3600]);
});

Deno.test("time between compares dates of different zones, by the days of the first", async () => {
  const gap = await time({
    operation: "between",
    at: "2026-11-24T23:30[America/New_York]",
    to: "2026-11-26T12:30[Asia/Tokyo][u-ca=japanese]",
  });
  assert.deepEqual([gap.days, gap.hours, gap.total_seconds], [0, 23, 23 * 3600]);
  assert.deepEqual(gap.calendar, { years: 0, months: 0, days: 1 });
});

Deno.test("time format writes a pattern, or as people of a language do", async () => {
  const at = "2026-01-05T07:08:09";
  const pattern = await time({ operation: "format", at, zone: "UTC", pattern: "dddd D-MMMM/YY" });
  assert.equal(pattern.text, "Monday D-January/YY");
  const digits = await time({
    operation: "format",
    at,
    zone: "UTC",
    pattern: "YYYYMMDD HH:mm:ss Z",
  });
  assert.equal(digits.text, "20260105 07:08:09 +00:00");
  const german = await time({ operation: "format", at, zone: "UTC", style: "long", locale: "de" });
  assert.equal(german.text, "5. Januar 2026 um 07:08");
  assert.match(await complaint({ operation: "format", style: "long", locale: "??" }), /"locale"/);
  assert.match(
    await complaint({ operation: "format", pattern: "YYYY", style: "long" }),
    /not both/,
  );
});

Deno.test("A109: time names what is missing, stray or no date", async () => {
  assert.match(await complaint({ operation: "between" }), /"to" is missing/);
  assert.match(
    await complaint({ operation: "now", pattern: "YYYY" }),
    /takes no argument "pattern"/,
  );
  assert.match(await complaint({ operation: "add", at: "tomorrow" }), /"tomorrow" is no date/);
  assert.match(await complaint({ operation: "add", at: "2026-02-30" }), /"2026-02-30" is no date/);
  assert.match(await complaint({ operation: "add", at: "25:00" }), /"25:00" is no date/);
  assert.match(await complaint({ operation: "add", days: 1.5 }), /"days"/);
});

Deno.test("time has a sentence for dates beyond the calendar", async () => {
  assert.match(
    await complaint({ operation: "add", at: "+275000-01-01", years: 100_000 }),
    /no date that exists/,
  );
});

Deno.test("time add of some days and back is where it was, in every zone", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -20_000, max: 20_000 }),
      fc.constantFrom(
        "UTC",
        "Europe/Vienna",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
      ),
      async (days, zone) => {
        const there = await time({ operation: "add", at: "2026-06-15T12:00", zone, days });
        const back = await time({ operation: "add", at: there.iso as string, zone, days: -days });
        assert.equal(back.date, "2026-06-15");
      },
    ),
    { numRuns: 200 },
  );
});
