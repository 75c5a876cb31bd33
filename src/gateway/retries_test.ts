import assert from "node:assert/strict";
import { nextTryAt } from "./retries.ts";

Deno.test("pauses double up to five minutes, and end after about a day", () => {
  const pauses = [1, 2, 3, 9, 10, 299].map((tries) => (nextTryAt(tries, 0) ?? NaN) / 1000);
  assert.deepEqual(pauses, [1, 2, 4, 256, 300, 300]);
  assert.equal(nextTryAt(300, 0), undefined);
  let all = 0;
  for (let tries = 1; nextTryAt(tries, 0) !== undefined; tries++) all += nextTryAt(tries, 0) ?? 0;
  assert.ok(all > 20 * 3_600_000 && all < 30 * 3_600_000);
});
