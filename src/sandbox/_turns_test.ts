import assert from "node:assert/strict";
import { createTurns } from "./_turns.ts";

Deno.test("createTurns() takes only counts and times that can be", () => {
  const turns = createTurns(10_000, () => assert.fail("given up"));
  turns.sent();
  assert.equal(turns.rested(2, 0), false, "more than was sent");
  assert.equal(turns.rested(1, 5), true);
  assert.equal(turns.rested(1, 6), false, "the same again");
  turns.sent();
  assert.equal(turns.rested(2, 4), false, "time runs backwards");
  turns.close();
});

Deno.test("createTurns() waits for ever while the worker has nothing to do", async () => {
  let givenUp = 0;
  const turns = createTurns(0, () => givenUp++, 10);
  turns.sent();
  turns.rested(1, 0);
  await new Promise((resolve) => setTimeout(resolve, 120));
  assert.equal(givenUp, 0);
  turns.sent();
  await new Promise((resolve) => setTimeout(resolve, 120));
  assert.equal(givenUp, 1);
});
