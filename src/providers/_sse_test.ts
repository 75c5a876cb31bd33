import assert from "node:assert/strict";
import fc from "fast-check";
import { readEvents, type ServerEvent } from "./_sse.ts";

async function read(text: string, cuts: readonly number[] = []): Promise<ServerEvent[]> {
  const bytes = new TextEncoder().encode(text);
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  const pieces = places.slice(1).map((end, index) => bytes.slice(places[index], end));
  return await Array.fromAsync(readEvents(ReadableStream.from(pieces)));
}

Deno.test("events are read with names, several lines, comments, and all ends of line", async () => {
  const text =
    ": hello\nevent: a\ndata: 1\ndata:2\n\ndata: x\r\n\r\nid: 7\n\nevent: b\rdata: y\r\r\n";
  assert.deepEqual(await read(text), [
    { event: "a", data: "1\n2" },
    { event: "message", data: "x" },
    { event: "b", data: "y" },
  ]);
});

Deno.test("an event that is not closed has not arrived", async () => {
  assert.deepEqual(await read("data: 1\n\ndata: 2\n"), [{ event: "message", data: "1" }]);
});

Deno.test("it does not matter where the bytes are cut, also inside a character", async () => {
  const text = 'event: ä\r\ndata: {"t": "wörld ✓"}\r\n\r\ndata: 2\r\n\r\n';
  const whole = await read(text);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(new TextEncoder().encode(text).length)), async (cuts) => {
      assert.deepEqual(await read(text, cuts), whole);
    }),
  );
});
