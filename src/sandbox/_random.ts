/** "expand 32-byte k", the constant of ChaCha20. */
const CONSTANT = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];
const BLOCK = 64;

/** An endless stream of bytes; each call gives the next `length` of them. */
export type ByteStream = (length: number) => Uint8Array<ArrayBuffer>;

/**
 * Random bytes from a seed: the key stream of ChaCha20 (RFC 8439) with the seed's SHA-256 as key
 * and a nonce of zeros. Equal seeds give equal streams; who does not know the seed cannot tell the
 * stream from chance, so it is fit for passwords as far as the seed is.
 */
export async function createByteStream(seed: string): Promise<ByteStream> {
  const key = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(seed));
  return keyStream(new Uint8Array(key));
}

/** The key stream of ChaCha20 for a 32-byte key, from block 0, with a nonce of zeros. */
export function keyStream(key: Uint8Array): ByteStream {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  const words = Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i, true));
  let counter = 0;
  let block = new Uint8Array(0);
  let used = 0;
  return (length) => {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      if (used === block.length) {
        block = keyBlock([...CONSTANT, ...words, counter++, 0, 0, 0]);
        used = 0;
      }
      out[i] = block[used++] as number;
    }
    return out;
  };
}

/** One block of 64 bytes from the state's 16 words. */
function keyBlock(start: readonly number[]): Uint8Array<ArrayBuffer> {
  const s = Uint32Array.from(start);
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 4; i++) quarter(s, i, 4 + i, 8 + i, 12 + i);
    for (let i = 0; i < 4; i++) {
      quarter(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
  }
  const out = new DataView(new ArrayBuffer(BLOCK));
  start.forEach((word, i) => out.setUint32(4 * i, ((s[i] as number) + word) >>> 0, true));
  return new Uint8Array(out.buffer);
}

function quarter(s: Uint32Array, a: number, b: number, c: number, d: number): void {
  mix(s, a, b, d, 16);
  mix(s, c, d, b, 12);
  mix(s, a, b, d, 8);
  mix(s, c, d, b, 7);
}

/** `x += y; z = (z ^ x) <<< bits` */
function mix(s: Uint32Array, x: number, y: number, z: number, bits: number): void {
  const sum = ((s[x] as number) + (s[y] as number)) >>> 0;
  const mixed = (s[z] as number) ^ sum;
  s[x] = sum;
  s[z] = (mixed << bits) | (mixed >>> (32 - bits));
}
