import assert from "node:assert/strict";
import { zoneOffset } from "./zone_offset.ts";

Deno.test("zoneOffset() is what Date says in that zone, summer and winter", () => {
  const summer = Date.UTC(2026, 6, 1);
  const winter = Date.UTC(2026, 11, 1);
  assert.equal(zoneOffset(summer, "Europe/Berlin"), -120);
  assert.equal(zoneOffset(winter, "Europe/Berlin"), -60);
  assert.equal(zoneOffset(winter, "America/New_York"), 300);
  assert.equal(zoneOffset(winter, "Asia/Kathmandu"), -345);
  assert.equal(zoneOffset(winter, "America/St_Johns"), 210);
  assert.equal(zoneOffset(winter, "UTC"), 0);
});
