import assert from "node:assert/strict";
import fc from "fast-check";
import { createKeyedQueue } from "./keyed_queue.ts";

Deno.test("actions of one key never overlap and keep their order, whoever leaves the wait", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ key: fc.constantFrom("a", "b"), leaves: fc.boolean() }), {
        maxLength: 12,
      }),
      async (asked) => {
        const queue = createKeyedQueue();
        const ran: Record<string, number[]> = { a: [], b: [] };
        const running = new Set<string>();
        const stop = new AbortController();
        const all = asked.map(({ key, leaves }, index) =>
          queue.run(key, async () => {
            assert.ok(!running.has(key));
            running.add(key);
            await new Promise((resolve) => setTimeout(resolve, 0));
            ran[key]?.push(index);
            running.delete(key);
          }, leaves ? stop.signal : undefined)
        );
        stop.abort(new Error("left"));
        await Promise.allSettled(all);
        for (const key of ["a", "b"]) {
          const stayed = asked.flatMap((one, index) =>
            one.key === key && !one.leaves ? [index] : []
          );
          const heard = ran[key] ?? [];
          assert.deepEqual(heard, heard.toSorted((one, other) => one - other));
          assert.ok(stayed.every((index) => heard.includes(index)));
        }
        await new Promise((resolve) => setTimeout(resolve, 0));
        assert.equal(queue.size, 0);
      },
    ),
  ));

Deno.test("another key does not wait, and a failure holds nobody up", async () => {
  const queue = createKeyedQueue();
  const first = Promise.withResolvers<void>();
  const waits = queue.run("a", () => first.promise);
  assert.equal(await queue.run("b", () => Promise.resolve("b")), "b");
  const second = queue.run("a", () => Promise.resolve("second"));
  first.reject(new Error("broken"));
  await assert.rejects(waits, /broken/);
  assert.equal(await second, "second");
});
