import assert from "node:assert/strict";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import { CodedError } from "../domain/failure.ts";
import { openFiles } from "../platform/files.ts";
import type { Files } from "../platform/platform.ts";
import { readStopMark, removeStopMark, setStopMark } from "./stop_mark.ts";
import { watchStop } from "./stop_watch.ts";

/** A clock that is wound by hand: each sleep ends when the test says so. */
function handWound() {
  const sleepers: (() => void)[] = [];
  let arrived = Promise.withResolvers<void>();
  return {
    ...createFakeClock(),
    sleep(_ms: number, signal?: AbortSignal) {
      arrived.resolve();
      return new Promise<void>((resolve, reject) => {
        sleepers.push(resolve);
        signal?.addEventListener("abort", () => reject(signal.reason));
      });
    },
    /** Lets the watch look once, and waits until it sleeps again. */
    async look() {
      await arrived.promise;
      arrived = Promise.withResolvers();
      sleepers.shift()?.();
    },
    slept: () => arrived.promise,
  };
}

async function withWatch(
  before: (state: Files) => Promise<unknown>,
  test: (
    state: Files,
    clock: ReturnType<typeof handWound>,
    underway: AbortController,
  ) => Promise<void>,
): Promise<void> {
  const home = await Deno.makeTempDir();
  try {
    const state = openFiles(home);
    await before(state);
    const underway = new AbortController();
    const clock = handWound();
    const watch = watchStop(state, clock, underway);
    await clock.slept();
    await test(state, clock, underway);
    await watch.end();
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

const at = (ms: number) => ({ now: () => ms });

Deno.test("what is under way is aborted when the mark is set, with who and when", () =>
  withWatch(async () => {}, async (state, clock, underway) => {
    await clock.look();
    await clock.slept();
    assert.equal(underway.signal.aborted, false);
    await setStopMark(state, "ann", at(Date.parse("2026-05-04T09:30:00Z")));
    const aborted = new Promise((resolve) => underway.signal.addEventListener("abort", resolve));
    await clock.look();
    await aborted;
    const { reason } = underway.signal;
    assert.ok(reason instanceof CodedError);
    assert.equal(reason.code, "stopped");
    assert.match(reason.message, /by ann, 2026-05-04 09:30/);
  }));

Deno.test("a mark that stood there before aborts nothing; one that is set anew does", () =>
  withWatch((state) => setStopMark(state, "ann", at(1000)), async (state, clock, underway) => {
    await clock.look();
    await clock.slept();
    assert.equal(underway.signal.aborted, false);
    await removeStopMark(state);
    await setStopMark(state, "ann", at(2000));
    const aborted = new Promise((resolve) => underway.signal.addEventListener("abort", resolve));
    await clock.look();
    await aborted;
  }));

Deno.test("whatever stands at the place of the mark counts, and tells since when", async () => {
  const home = await Deno.makeTempDir();
  try {
    const state = openFiles(home);
    assert.equal(await readStopMark(state), undefined);
    for (const content of ["", "{", "null", '"stop"', '{"by": 1, "at": "today"}']) {
      await state.replace("stop", content);
      const mark = await readStopMark(state);
      assert.deepEqual([mark?.by, mark?.at], [undefined, (await state.stat("stop"))?.modified]);
    }
    await state.remove("stop");
    await state.makeDirectory("stop");
    assert.notEqual(await readStopMark(state), undefined);
    await removeStopMark(state);
    assert.equal(await readStopMark(state), undefined);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});

Deno.test("the mark of who said it first stays", async () => {
  const home = await Deno.makeTempDir();
  try {
    const state = openFiles(home);
    const first = await setStopMark(state, "ann", at(1000));
    const second = await setStopMark(state, "bob", at(2000));
    assert.deepEqual([first.isNew, second.isNew, second.by, second.at], [true, false, "ann", 1000]);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
