import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { gunzip } from "./_gunzip.ts";
import { ConnectionError } from "./platform.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Unpacks what comes in pieces of this size, to the end. */
async function unpack(packed: Uint8Array, size: number): Promise<string> {
  async function* pieces(): AsyncGenerator<Bytes> {
    for (let at = 0; at < packed.length; at += size) yield packed.slice(at, at + size) as Bytes;
  }
  return await new Response(ReadableStream.from(gunzip(pieces()))).text();
}

const bytes = (...parts: readonly (Uint8Array | string)[]) =>
  new Uint8Array(
    parts.flatMap((part) => [...typeof part === "string" ? new TextEncoder().encode(part) : part]),
  );
const SIZES = [7, 4096];

Deno.test("a gzip body may be empty, have several members, and zeros at its end", async () => {
  const [hello, world] = [gzipSync("hello "), gzipSync("world")];
  const zeros = new Uint8Array(5000);
  for (const size of [1, ...SIZES]) {
    assert.equal(await unpack(bytes(), size), "");
    assert.equal(await unpack(gzipSync(""), size), "");
    assert.equal(await unpack(bytes(hello, world), size), "hello world");
    assert.equal(await unpack(bytes(hello, world, zeros), size), "hello world");
  }
});

Deno.test("a damaged or cut gzip body is an error, never a short body", async () => {
  const packed = gzipSync("hello ".repeat(1000));
  const wrong = {
    "cut": packed.subarray(0, 20),
    "cut by one byte": packed.subarray(0, -1),
    "another checksum": packed.with(-5, packed.at(-5)! ^ 1),
    "no gzip": bytes("no gzip at all"),
    "only zeros": new Uint8Array(20),
    "a cut second member": bytes(packed, packed.subarray(0, 20)),
    "something else behind it": bytes(packed, "no gzip at all"),
    "a member behind zeros": bytes(packed, new Uint8Array(2), packed),
  };
  for (const size of SIZES) {
    for (const [what, body] of Object.entries(wrong)) {
      await assert.rejects(unpack(body, size), (error) => {
        assert.ok(error instanceof ConnectionError, `${what}: ${error}`);
        return error.reason === "broken" && /compressed answer is damaged/.test(error.message);
      }, what);
    }
  }
});

Deno.test("gunzip() reads little ahead, and lets go of its source", async () => {
  const random = () => crypto.getRandomValues(new Uint8Array(65_536));
  const packed = gzipSync(bytes(...Array.from({ length: 10 }, random)));
  let taken = 0;
  const letGo = Promise.withResolvers<void>();
  async function* pieces(): AsyncGenerator<Bytes> {
    try {
      for (let at = 0; at < packed.length; at += 4096) {
        taken += 4096;
        yield packed.slice(at, at + 4096) as unknown as Bytes;
      }
    } finally {
      letGo.resolve();
    }
  }
  let most = 0;
  for await (const piece of gunzip(pieces())) {
    most = piece.length;
    break;
  }
  await letGo.promise;
  assert.ok(most <= 65_536 && taken < 200_000, `${most} ${taken}`);
});
