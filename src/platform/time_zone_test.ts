import assert from "node:assert/strict";
import { readTimeZone } from "./time_zone.ts";

const TAKEN: readonly (readonly [told: string, zone: string])[] = [
  ["Europe/Vienna", "Europe/Vienna"],
  ["europe/vienna", "Europe/Vienna"],
  ["EUROPE/VIENNA", "Europe/Vienna"],
  ["Europe/Vienna ", "Europe/Vienna"],
  [" Europe/Vienna\n", "Europe/Vienna"],
  [":America/New_York", "America/New_York"],
  ["/usr/share/zoneinfo/Europe/Vienna", "Europe/Vienna"],
  [":/usr/share/zoneinfo/Europe/Vienna", "Europe/Vienna"],
  ["/usr/share/zoneinfo/posix/Europe/Vienna", "Europe/Vienna"],
  ["/var/db/timezone/zoneinfo/Asia/Tokyo", "Asia/Tokyo"],
  ["posix/Europe/Vienna", "Europe/Vienna"],
  ["right/Europe/Vienna", "Europe/Vienna"],
  [":right/Asia/Tokyo", "Asia/Tokyo"],
  ["America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"],
  ["Etc/GMT+5", "Etc/GMT+5"],
  ["UTC", "UTC"],
];

Deno.test("names of zones are taken, with a colon, as a path and in any letters", () => {
  for (const [told, zone] of TAKEN) {
    const read = readTimeZone(told, "Asia/Kolkata");
    assert.equal(read.doubt, undefined, told);
    // runtimes differ in which of two names of a zone they show
    const same = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
    assert.equal(read.zone, same, told);
  }
});

Deno.test("everything else is UTC, with one sentence that says how to set it", () => {
  const untaken = [
    ...["", " ", ":", "/", "GMT+5", "GMT-5", "UTC+1", "UTC0", "EST5", "IST-5:30", "<+05>-5"],
    ...["CET-1CEST,M3.5.0,M10.5.0/3", "CET-1CEST", "Nowhere/Land", "Europe", "posix/", "right/x"],
    ...["/etc/localtime", "/usr/share/zoneinfo/", "/usr/share/zoneinfo/posixrules", "../Vienna"],
    ...[
      "+05:00",
      "-0500",
      "Etc/Unknown",
      "undefined",
      "local",
      "Z",
      "\u0000",
      "Europe/Vienna\u0000",
    ],
    "Europe/Vienna; rm -rf /",
  ];
  for (const told of untaken) {
    const { zone, doubt = "" } = readTimeZone(told, "Asia/Kolkata");
    assert.equal(zone, "UTC", told);
    assert.match(doubt, /^TZ="[^\n]*" names .* UTC\. Set agents\.defaults\.timezone\.$/, told);
  }
});

Deno.test("without the variable the machine's own zone counts, where it is one", () => {
  assert.deepEqual(readTimeZone(undefined, "Asia/Tokyo"), { zone: "Asia/Tokyo" });
  for (const machine of [undefined, "", "Etc/Unknown", "+05:00"]) {
    const { zone, doubt = "" } = readTimeZone(undefined, machine);
    assert.equal(zone, "UTC");
    assert.match(doubt, /^The time zone of this machine is not known.*agents\.defaults\.timezone/);
  }
});
