import { join } from "node:path";

/** Whether this runtime can send datagrams to a socket of the file system. */
export const CAN_SEND_DATAGRAMS = "listenDatagram" in Deno;

/**
 * Sends one datagram to a Unix socket; a path that begins with NUL is an abstract one. The socket
 * that it is sent from stands in a directory of its own for that moment.
 */
export async function sendDatagram(text: string, path: string): Promise<void> {
  const directory = Deno.makeTempDirSync({ prefix: "clambot-notify-" });
  try {
    const socket = Deno.listenDatagram({ transport: "unixpacket", path: join(directory, "s") });
    try {
      await socket.send(new TextEncoder().encode(text), { transport: "unixpacket", path });
    } finally {
      socket.close();
    }
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}
