import assert from "node:assert/strict";
import { describeInstant, formatInstant, readInstant, writeInstant } from "./instant.ts";

const read = (text: string, zone = "UTC") => readInstant(text, zone, 0);

Deno.test("an offset counts with its minutes and without them", () => {
  const instants = {
    "2026-11-24T18:05+02": "16:05:00",
    "2026-11-24 18:05:00+02": "16:05:00",
    "2026-11-24T18-02": "20:00:00",
    "2026-11-24T18:05:00.5-0230": "20:35:00",
    "2026-11-24T18:05:00+02:00": "16:05:00",
    "20261124T1805z": "18:05:00",
  };
  for (const [text, expected] of Object.entries(instants)) {
    assert.equal(
      describeInstant(read(text, "Asia/Tokyo").withTimeZone("UTC")).time,
      expected,
      text,
    );
  }
});

Deno.test("a zone in brackets counts, and a calendar in brackets changes no number", () => {
  assert.equal(read("2026-11-24T18:05[Europe/Vienna]").offset, "+01:00");
  for (
    const text of ["2026-11-24T18:05[Europe/Vienna][u-ca=hebrew]", "2026-11-24T18:05[u-ca=roc]"]
  ) {
    const { date, text: shown } = describeInstant(read(text));
    assert.deepEqual([date, shown], ["2026-11-24", "18:05 on Tuesday, 24 November 2026"], text);
  }
});

Deno.test("in a pattern a year has four digits at least", () => {
  assert.equal(formatInstant(read("0099-01-02"), "YYYY-MM-DD"), "0099-01-02");
  assert.equal(formatInstant(read("-000099-01-02"), "YYYY"), "-0099");
  assert.equal(formatInstant(read("+012026-01-02"), "YYYY"), "12026");
});

Deno.test("a year before the first is written with its era, in every style", () => {
  const at = read("-000099-01-02T03:04");
  assert.equal(writeInstant(at, "long", "en-GB"), "2 January 100 BC at 03:04");
  for (const style of ["full", "long", "medium", "short"] as const) {
    assert.match(writeInstant(at, style, "de") ?? "", /100 v\. Chr\..*03:04$/, style);
  }
  assert.match(writeInstant(read("0000-12-31"), "full", "en-GB") ?? "", /^Sunday.* 1 BC/);
  assert.equal(writeInstant(read("0001-01-02"), "long", "en-GB"), "2 January 1 at 00:00");
});
