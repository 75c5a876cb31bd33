/** Bytes of a body, and whether there were more. */
export interface Body {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly truncated: boolean;
}

/** Reads a stream up to `most` bytes and ends it there. */
export async function readBody(
  stream: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  most: number,
): Promise<Body> {
  if (!stream) return { bytes: new Uint8Array(), truncated: false };
  let bytes = new Uint8Array(Math.min(most, FIRST));
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { bytes: bytes.slice(0, size), truncated: false };
    const piece = value.subarray(0, most - size);
    bytes = withRoom(bytes, size + piece.length, most);
    bytes.set(piece, size); // a copy: a piece of one byte may hold on to a buffer of thousands
    size += piece.length;
    if (piece.length === value.length) continue;
    reader.cancel().catch(() => {}); // nobody waits for the rest
    return { bytes: bytes.slice(0, size), truncated: true };
  }
}

/** Bytes of room at first. */
const FIRST = 16_384;

function withRoom(
  bytes: Uint8Array<ArrayBuffer>,
  wanted: number,
  most: number,
): Uint8Array<ArrayBuffer> {
  if (wanted <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.min(most, Math.max(wanted, 2 * bytes.length)));
  larger.set(bytes);
  return larger;
}
