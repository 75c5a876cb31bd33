import assert from "node:assert/strict";
import { isQuiet, parseQuietHours, type QuietHours } from "./quiet_hours.ts";

const span = (text: string): QuietHours => {
  const read = parseQuietHours(text);
  assert(read, text);
  return read;
};

/** Instants at which it becomes quiet (`[`) and loud again (`]`), minute by minute. */
function edges(text: string, zone: string, from: string, until: string): readonly string[] {
  const hours = span(text);
  const found: string[] = [];
  let before = isQuiet(hours, Date.parse(from), zone);
  for (let at = Date.parse(from); at < Date.parse(until); at += 60_000) {
    const quiet = isQuiet(hours, at, zone);
    if (quiet !== before) {
      found.push(`${quiet ? "[" : "]"}${new Date(at).toISOString().slice(0, 16)}`);
    }
    before = quiet;
  }
  return found;
}

Deno.test("P139: quiet hours include their start and not their end, and go over midnight", () => {
  assert.deepEqual(edges("22:00-07:00", "UTC", "2027-06-01T12:00Z", "2027-06-03T00:00Z"), [
    ...["[2027-06-01T22:00", "]2027-06-02T07:00", "[2027-06-02T22:00"],
  ]);
  assert.deepEqual(
    edges("12:30-13:15", "Asia/Kathmandu", "2027-06-01T00:00Z", "2027-06-02T00:00Z"),
    [
      ...["[2027-06-01T06:45", "]2027-06-01T07:30"],
    ],
  );
});

Deno.test("P139: quiet hours follow the clock on the wall over both changes of the year", () => {
  const zone = "Europe/Berlin";
  // 22:00 summer time to 07:00 winter time: ten hours
  assert.deepEqual(edges("22:00-07:00", zone, "2027-10-30T12:00Z", "2027-10-31T12:00Z"), [
    ...["[2027-10-30T20:00", "]2027-10-31T06:00"],
  ]);
  assert.deepEqual(edges("22:00-07:00", zone, "2027-03-27T12:00Z", "2027-03-28T12:00Z"), [
    ...["[2027-03-27T21:00", "]2027-03-28T05:00"],
  ]);
  // an end that the clock skips is over when the clock is past it; one that comes twice, twice
  assert.deepEqual(edges("01:00-02:30", zone, "2027-03-27T20:00Z", "2027-03-28T12:00Z"), [
    ...["[2027-03-28T00:00", "]2027-03-28T01:00"],
  ]);
  assert.deepEqual(edges("01:00-02:30", zone, "2027-10-30T20:00Z", "2027-10-31T12:00Z"), [
    ...["[2027-10-30T23:00", "]2027-10-31T00:30", "[2027-10-31T01:00", "]2027-10-31T01:30"],
  ]);
});

Deno.test("what is no span of hours is none", () => {
  for (
    const text of [
      "",
      "22:00",
      "22:00-",
      "22-7",
      "25:00-07:00",
      "22:00-22:00",
      "1:00-2:00-3:00",
      "9:00-10:00",
    ]
  ) assert.equal(parseQuietHours(text), undefined, text);
  assert.deepEqual(span(" 22:00 - 07:00 "), { from: 1320, until: 420 });
});
