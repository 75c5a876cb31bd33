import assert from "node:assert/strict";
import { createClock } from "../../platform/deno.ts";
import { createSleepTool } from "./sleep.ts";
import { CALLER, NOBODY_TO_ASK } from "../../../tests/fakes/alone.ts";

const CONTEXT = CALLER;
const signal = new AbortController().signal;

Deno.test("sleep waits as long as it says", async () => {
  const tool = createSleepTool(createClock());
  const prepared = await tool.prepare({ seconds: 0.05 }, CONTEXT, signal);
  let earlier = false;
  setTimeout(() => earlier = true, 40);
  assert.deepEqual(await prepared.run(undefined as never, signal, NOBODY_TO_ASK), { slept: 0.05 });
  assert.ok(earlier, "what was to happen before has happened");
});

Deno.test("sleep ends at once when it is cancelled", async () => {
  const tool = createSleepTool(createClock());
  const prepared = await tool.prepare({ seconds: 60 }, CONTEXT, signal);
  const controller = new AbortController();
  const sleeping = prepared.run(undefined as never, controller.signal, NOBODY_TO_ASK);
  controller.abort();
  await assert.rejects(sleeping, { name: "AbortError" });
});

Deno.test("sleep waits no longer than a minute, and not backwards", async () => {
  const tool = createSleepTool(createClock());
  for (const seconds of [60.5, -1, NaN, Infinity]) {
    await assert.rejects(tool.prepare({ seconds }, CONTEXT, signal), /"seconds"/);
  }
});
