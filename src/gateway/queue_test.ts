import assert from "node:assert/strict";
import fc from "fast-check";
import { createWorkQueue } from "./queue.ts";

Deno.test("work of one key is done in order and one at a time, of all keys so many at once", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.record({ key: fc.nat(3), steps: fc.nat(3) }), { maxLength: 20 }),
    fc.integer({ min: 1, max: 4 }),
    async (works, atOnce) => {
      const queue = createWorkQueue(atOnce);
      const done = new Map<number, number[]>();
      const inside = new Set<number>();
      let most = 0;
      const all = works.map(({ key, steps }, index) =>
        new Promise<void>((resolve) =>
          queue.add(String(key), async () => {
            assert.ok(!inside.has(key), "two of one key at once");
            inside.add(key);
            most = Math.max(most, inside.size);
            for (let step = 0; step < steps; step++) await Promise.resolve();
            inside.delete(key);
            done.set(key, [...done.get(key) ?? [], index]);
            resolve();
          })
        )
      );
      await Promise.all(all);
      assert.ok(most <= atOnce);
      for (const order of done.values()) assert.deepEqual(order, order.toSorted((a, b) => a - b));
      assert.deepEqual([queue.running, queue.waiting], [0, 0]);
    },
  ));
});

Deno.test("a draining queue starts nothing more and waits for what runs", async () => {
  const queue = createWorkQueue(1);
  const first = Promise.withResolvers<void>();
  let second = false;
  queue.add("a", () => first.promise);
  queue.add("b", async () => void (second = await Promise.resolve(true)));
  let isDrained = false;
  const drained = queue.drain().then(() => isDrained = true);
  await Promise.resolve();
  assert.equal(isDrained, false);
  first.resolve();
  await drained;
  assert.equal(second, false);
  assert.equal(queue.waiting, 1);
});
