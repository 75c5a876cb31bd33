import type { LocalConnection } from "../platform/unix_socket.ts";
import { LARGEST_FRAME, toFrame } from "./_frames.ts";

/** Bytes that may wait for a reader before it is given up. */
const MOST_WAITING = 4 * LARGEST_FRAME;

/** What is sent over one connection, in its order. */
export interface Outgoing {
  /** Never waits. A reader that takes nothing, or is gone, loses the connection. */
  send(value: unknown): void;
  /** Resolves when everything so far was taken, or nobody takes it any more. */
  flushed(): Promise<void>;
}

/** Sends over a connection as fast as its reader takes it. */
export function openOutgoing(connection: LocalConnection): Outgoing {
  let last = Promise.resolve();
  let waiting = 0;
  return {
    send(value) {
      const bytes = toFrame(value);
      waiting += bytes.length;
      if (waiting > MOST_WAITING) return connection.close();
      last = last.then(() => connection.write(bytes)).then(
        () => void (waiting -= bytes.length),
        () => connection.close(),
      );
    },
    flushed: () => last,
  };
}
