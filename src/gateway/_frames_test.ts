import assert from "node:assert/strict";
import fc from "fast-check";
import { readFrames, toFrame } from "./_frames.ts";

/** The lines of bytes that come in pieces of these lengths, over and over. */
async function framesOf(bytes: Uint8Array, lengths: readonly number[], limit?: number) {
  let at = 0;
  let turn = 0;
  const read = () => {
    if (at >= bytes.length) return Promise.resolve(undefined);
    const length = lengths[turn++ % lengths.length] ?? 1;
    const piece = bytes.subarray(at, at + length);
    at += length;
    return Promise.resolve(piece);
  };
  return await Array.fromAsync(readFrames({ read }, limit));
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(pieces.flatMap((piece) => [...piece]));
}

Deno.test("readFrames() gives back what toFrame() made, wherever the bytes are cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue()),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (values, lengths) => {
        const frames = await framesOf(joined(values.map(toFrame)), lengths);
        assert.deepEqual(
          frames.map((frame) => JSON.parse(frame ?? "")),
          values.map((value) => JSON.parse(JSON.stringify(value))),
        );
      },
    ),
  );
});

Deno.test("readFrames() stops at a line over its limit, however it comes, and keeps those before", async () => {
  const bytes = new TextEncoder().encode("1234\n12345\n123456\n1\n");
  for (const lengths of [[1], [3, 2], [100]]) {
    assert.deepEqual(await framesOf(bytes, lengths, 5), ["1234", "12345", undefined]);
  }
  assert.deepEqual(await framesOf(new TextEncoder().encode("123456"), [2], 5), [undefined]);
});

Deno.test("readFrames() leaves out a last line without an end", async () => {
  assert.deepEqual(await framesOf(new TextEncoder().encode("a\nb"), [1]), ["a"]);
});
