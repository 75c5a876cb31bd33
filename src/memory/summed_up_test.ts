import assert from "node:assert/strict";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import { MemoryDisk } from "../../tests/fakes/memory_disk.ts";
import { plainly } from "../../tests/fakes/plainly.ts";
import { openHistory } from "./history.ts";
import { openSummedUp } from "./summed_up.ts";

const HERE = "cli:one";
const AT = Date.parse("2026-05-01T08:15:00Z") / 1000;

function open(disk: MemoryDisk) {
  const files = disk.openFiles("/home/memory");
  const clock = createFakeClock();
  const history = plainly(openHistory(files, { files, name: "index.sqlite" }, clock));
  return { history, clock, summedUp: plainly(openSummedUp(files, history, clock)) };
}

Deno.test("a summary stands in the history under the time of what it tells, and once (A180)", async () => {
  const { history, summedUp } = open(new MemoryDisk());
  assert.equal(await summedUp.upTo(HERE), 0);
  assert.equal(await summedUp.add(HERE, AT, "They spoke of boats."), true);
  assert.equal(await summedUp.add(HERE, AT, "They spoke of boats, again."), false);
  assert.deepEqual(await history.newest(9), [
    { date: "2026-05-01 08:15", text: "They spoke of boats.", marked: false },
  ]);
  assert.equal(await summedUp.upTo(HERE), AT);
});

Deno.test("a conversation is taken by one at a time, and three times at most", async () => {
  const { clock, summedUp } = open(new MemoryDisk());
  for (let tries = 1; tries <= 3; tries++) {
    assert.equal(await summedUp.claim(HERE), true);
    assert.equal(await summedUp.claim(HERE), false, "it is taken");
    assert.equal(await summedUp.claim(`cli:other${tries}`), true);
    clock.advance(3_600_000);
  }
  assert.equal(await summedUp.claim(HERE), false);
  await summedUp.add(HERE, AT, "They spoke of boats.");
  assert.equal(await summedUp.claim(HERE), true, "what is said later is another matter");
});

for (const kind of ["killed", "killed_after"] as const) {
  Deno.test(`${kind} at any write, the history tells it once and nothing else is lost (A180)`, async () => {
    const text = "They spoke of boats.\r\n\n## 2026-05-01 08:15\nand of trees.";
    const sound = new MemoryDisk();
    await open(sound).history.append("What was before.");
    let isWhole = false;
    for (let at = 1; !isWhole; at++) {
      const disk = sound.restarted({ kind, at });
      const adding = open(disk).summedUp.add(HERE, AT, text).then(() => true);
      isWhole = await Promise.race([adding, disk.killed.then(() => false)]);
      const { history, summedUp } = open(disk.restarted());
      await summedUp.add(HERE, AT, text);
      const told = (await history.newest(9)).map(({ text }) => text);
      assert.equal(told.length, 2, `killed at write ${at}: ${JSON.stringify(told)}`);
      assert.match(told[0] ?? "", /^They spoke of boats\.\n\n## 2026-05-01 08:15\nand of trees\.$/);
      assert.equal(await summedUp.upTo(HERE), AT);
    }
  });
}

Deno.test("marks that cannot be read tell nothing, and are written anew", async () => {
  for (const content of ["", "[", "null", '{"cli:one": 3}', '{"__proto__": {"upTo": 1}}']) {
    const disk = new MemoryDisk();
    await disk.openFiles("/home/memory").replace("history-conversations.json", content);
    const { summedUp } = open(disk);
    assert.equal(await summedUp.upTo(HERE), 0);
    assert.equal(await summedUp.add(HERE, AT, "They spoke of boats."), true);
    assert.equal(await summedUp.upTo(HERE), AT);
  }
});
