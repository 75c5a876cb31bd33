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
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { bytes: join(pieces, size), truncated: false };
    pieces.push(value.subarray(0, most - size));
    size += value.length;
    if (size <= most) continue;
    reader.cancel().catch(() => {}); // nobody waits for the rest
    return { bytes: join(pieces, most), truncated: true };
  }
}

function join(pieces: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
