import assert from "node:assert/strict";
import { SLOTS, type SlotType } from "./_slots.ts";

const ACCEPTED: readonly (readonly [SlotType, string, unknown])[] = [
  ["word", "BTC", "BTC"],
  ["word", '"BTC"', "BTC"],
  ["word", "C++", "C++"],
  ["text", "New York", "New York"],
  ["text", '"  kept  "', "  kept  "],
  ["text", '""', ""],
  ["number", "2", 2],
  ["number", "-2.50", -2.5],
  ["number", "−3", -3],
  ["number", "1e3", 1000],
  ["number", ".5", 0.5],
  ["integer", "007", 7],
  ["integer", "-4", -4],
  ["date", "2026-11-24", "2026-11-24"],
  ["date", "24.11.2026", "2026-11-24"],
  ["date", "24 November 2026", "2026-11-24"],
  ["date", "3rd of May 2026", "2026-05-03"],
  ["date", "Nov 24, 2026", "2026-11-24"],
  ["date", "Sept. 1 2026", "2026-09-01"],
  ["date", "29 February 2028", "2028-02-29"],
  ["date", "Tomorrow", "tomorrow"],
  ["time", "9:05", "09:05"],
  ["time", "9 am", "09:00"],
  ["time", "12am", "00:00"],
  ["time", "12:30 p.m.", "12:30"],
  ["time", "23:59:58", "23:59:58"],
  ["time", "noon", "12:00"],
  ["duration", "90 minutes", 5400],
  ["duration", "1h30m", 5400],
  ["duration", "1 hour and 30 minutes", 5400],
  ["duration", "2 days, 3 hours", 183600],
  ["duration", "1.5 hours", 5400],
  ["duration", "an hour", 3600],
  ["duration", "PT1H30M", 5400],
  ["duration", "P1W", 604800],
  ["url", "https://Example.com/A?b=C#d", "https://Example.com/A?b=C#d"],
  ["url", "<https://example.com>", "https://example.com"],
  ["url", "example.com/a", "https://example.com/a"],
  ["url", "http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"],
  ["path", "notes/todo.md", "notes/todo.md"],
  ["path", '"my file.txt"', "my file.txt"],
  ["path", ".", "."],
  ["path", "../..", "../.."],
];

for (const [type, raw, value] of ACCEPTED) {
  Deno.test(`a ${type} may be written ${raw}`, () => {
    assert.equal(SLOTS[type].read(raw), value);
  });
}

const REFUSED: readonly (readonly [SlotType, string])[] = [
  ["word", "two words"],
  ["word", '"two words"'],
  ["word", "BTC,"],
  ["word", "???"],
  ["number", "1,000"],
  ["number", "1.000.000"],
  ["number", "1,5"],
  ["number", "12345678901234567"],
  ["number", "1e999"],
  ["number", "0x10"],
  ["number", "NaN"],
  ["integer", "2.0"],
  ["integer", "1234567890123456"],
  ["date", "3/4/2026"],
  ["date", "31.02.2026"],
  ["date", "29 February 2026"],
  ["date", "2026-13-01"],
  ["date", "24 Novembre 2026"],
  ["date", "next Tuesday"],
  ["time", "9"],
  ["time", "25:00"],
  ["time", "13 pm"],
  ["time", "9:60"],
  ["duration", "90"],
  ["duration", "2 months"],
  ["duration", "soon"],
  ["duration", "P"],
  ["url", "notes.md"],
  ["url", "ftp://example.com"],
  ["url", "https://user:pass@example.com"],
  ["url", "javascript:alert(1)"],
  ["path", "https://example.com/a"],
  ["path", "a\u0000b"],
  ["path", "???"],
];

for (const [type, raw] of REFUSED) {
  Deno.test(`${JSON.stringify(raw)} is no ${type}`, () => {
    assert.equal(SLOTS[type].read(raw), undefined);
  });
}
