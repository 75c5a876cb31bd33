import { ConnectionError } from "./platform.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Unpacks a gzip body piece by piece. It may have several members and zeros behind the last (RFC
 * 1952, section 2.2; zeros are what `gzip` itself passes over); of no bytes come no bytes. Anything
 * else is an error, never a short body.
 * @throws {ConnectionError} `broken`
 */
export async function* gunzip(pieces: AsyncGenerator<Bytes>): AsyncGenerator<Bytes> {
  const [{ createGunzip }, { pipeline }] = await Promise.all([
    import("node:zlib"),
    import("node:stream"),
  ]);
  const unpacking = createGunzip();
  const packed = { bytes: 0, withoutZeros: 0 };
  pipeline(counted(pieces, packed), unpacking, () => {}); // its errors come by reading, too
  try {
    for await (const piece of unpacking) yield new Uint8Array(piece);
  } catch (error) {
    if (!isOfZlib(error)) throw error;
    if (packed.bytes > 0) throw damaged(error);
  }
  if (unpacking.bytesWritten < packed.withoutZeros) throw damaged();
}

/** Counts the bytes that pass, with and without the zeros at the end. */
async function* counted(
  pieces: AsyncGenerator<Bytes>,
  count: { bytes: number; withoutZeros: number },
): AsyncGenerator<Bytes> {
  for await (const piece of pieces) {
    const last = piece.findLastIndex((byte) => byte !== 0);
    if (last >= 0) count.withoutZeros = count.bytes + last + 1;
    count.bytes += piece.length;
    yield piece;
  }
}

function isOfZlib(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}

function damaged(cause?: unknown): ConnectionError {
  return new ConnectionError("broken", "its compressed answer is damaged", { cause });
}
