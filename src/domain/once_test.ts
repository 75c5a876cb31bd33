import assert from "node:assert/strict";
import { once } from "./once.ts";

Deno.test("once() makes nothing before it is asked, and the same afterwards", () => {
  let count = 0;
  const made = once(() => ({ number: ++count }));
  assert.equal(count, 0);
  assert.equal(made(), made());
  assert.equal(count, 1);
});

Deno.test("once() keeps undefined too, and what failed is tried again", () => {
  let count = 0;
  const nothing = once(() => void ++count);
  nothing();
  nothing();
  assert.equal(count, 1);
  const failing = once(() => {
    if (++count < 3) throw new Error("not yet");
    return count;
  });
  assert.throws(failing, /not yet/);
  assert.equal(failing(), 3);
});
