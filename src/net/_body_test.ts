import assert from "node:assert/strict";
import { readBody } from "./_body.ts";

/** Bytes 0, 1, 2 … in pieces of this size, each at the end of a buffer of 4096. */
function drip(count: number, size: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent === count) return controller.close();
      const piece = new Uint8Array(4096).subarray(4096 - size);
      for (let at = 0; at < size; at++) piece[at] = sent++ % 256;
      controller.enqueue(piece);
    },
  });
}

Deno.test("readBody() puts pieces of any size together, and cuts at its limit", async () => {
  for (const [count, size, most] of [[50_000, 1, 100_000], [40_000, 1000, 40_000]] as const) {
    const { bytes, truncated } = await readBody(drip(count, size), most);
    assert.deepEqual([bytes.length, truncated], [count, false]);
    assert.ok(bytes.every((byte, at) => byte === at % 256));
    assert.equal(bytes.buffer.byteLength, count, "no more room than it needs");
  }
  const cut = await readBody(drip(40_000, 1000), 39_999);
  assert.deepEqual([cut.bytes.length, cut.truncated], [39_999, true]);
  assert.deepEqual(await readBody(null, 5), { bytes: new Uint8Array(), truncated: false });
});
