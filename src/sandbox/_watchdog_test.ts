import assert from "node:assert/strict";
import { createWatchdog } from "./_watchdog.ts";

Deno.test("createWatchdog() takes only counts and times that can be", () => {
  const watchdog = createWatchdog(10_000, () => assert.fail("given up"));
  watchdog.sent();
  assert.equal(watchdog.rested(2, 0), false, "more than was sent");
  assert.equal(watchdog.rested(1, 5), true);
  assert.equal(watchdog.rested(1, 6), false, "the same again");
  watchdog.sent();
  assert.equal(watchdog.rested(2, 4), false, "time runs backwards");
  watchdog.close();
});

Deno.test("createWatchdog() waits for ever while the worker has nothing to do", async () => {
  let givenUp = 0;
  const gaveUp = Promise.withResolvers<void>();
  const watchdog = createWatchdog(0, () => {
    givenUp++;
    gaveUp.resolve();
  }, 10);
  watchdog.sent();
  watchdog.rested(1, 0);
  await new Promise((resolve) => setTimeout(resolve, 120));
  assert.equal(givenUp, 0);
  watchdog.sent();
  await gaveUp.promise;
  assert.equal(givenUp, 1);
});
