import assert from "node:assert/strict";
import { createByteStream, keyStream } from "./_random.ts";

const hex = (bytes: Uint8Array) =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// RFC 8439, appendix A.1, test vectors 1 and 2: key and nonce of zeros, blocks 0 and 1
const BLOCKS = "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7" +
  "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586" +
  "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed" +
  "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f";

Deno.test("keyStream() is ChaCha20", () => {
  assert.equal(hex(keyStream(new Uint8Array(32))(128)), BLOCKS);
});

Deno.test("keyStream() gives the same bytes in pieces of any size", () => {
  const next = keyStream(new Uint8Array(32));
  assert.equal([1, 0, 63, 10, 54].map((length) => hex(next(length))).join(""), BLOCKS);
});

Deno.test("createByteStream() depends on the whole seed", async () => {
  const [a, b, c] = await Promise.all(["seed", "seed", "seed "].map(createByteStream));
  const first = a?.(32);
  assert.deepEqual(first, b?.(32));
  assert.notDeepEqual(first, c?.(32));
});
