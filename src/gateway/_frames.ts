import type { LocalConnection } from "../platform/unix_socket.ts";

// What goes over the control socket is lines of JSON, one value each.

/** Bytes of one line at most. */
export const LARGEST_FRAME = 1_048_576;

const LINE_FEED = 0x0a;

/**
 * The lines of a connection, without their ends; an unfinished last one is left out. After one that
 * is longer than `limit` bytes comes `undefined`, and nothing more: the rest cannot be told apart.
 */
export async function* readFrames(
  { read }: Pick<LocalConnection, "read">,
  limit = LARGEST_FRAME,
): AsyncGenerator<string | undefined, void> {
  let held: Uint8Array[] = [];
  let length = 0;
  for (let piece = await read(); piece !== undefined; piece = await read()) {
    let from = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, from)) {
      held.push(piece.subarray(from, end));
      if (length + end - from > limit) return yield undefined;
      yield joined(held);
      held = [];
      length = 0;
      from = end + 1;
    }
    held.push(piece.subarray(from));
    length += piece.length - from;
    if (length > limit) return yield undefined;
  }
}

function joined(pieces: readonly Uint8Array[]): string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const texts = pieces.map((piece) => decoder.decode(piece, { stream: true }));
  return texts.join("") + decoder.decode();
}

/** A value as one line. JSON text has no line feed of its own. */
export function toFrame(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}
