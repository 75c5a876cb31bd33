import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import type { Child } from "../platform/children.ts";

/** Bytes of one line at most. */
export const LONGEST_LINE = 16_777_216;

/** What else is heard of a child. */
export interface ChildNotes {
  /** A line of standard error, or one of standard output that is no message. */
  noise(line: string): void;
  /** Ends the connection, with a sentence about why. */
  broke(why: string): void;
}

/**
 * The Model Context Protocol over the pipes of a child, a message on each line. What is no message is
 * noise: banners, ANSI lines, empty ones. `pid` and `stderr` say to the SDK that this is no HTTP.
 */
export function createChildTransport(child: Child, notes: ChildNotes): Transport {
  const encoder = new TextEncoder();
  let isClosed = false;
  const closed = () => {
    if (isClosed) return;
    isClosed = true;
    transport.onclose?.();
  };
  const hear = (line: string) => {
    const message = readMessage(line);
    if (message !== undefined) transport.onmessage?.(message);
    else if (line.trim() !== "") notes.noise(line);
  };
  const transport: Transport & { readonly pid: null; readonly stderr: null } = {
    pid: null,
    stderr: null,
    start() {
      const tooLong = () => {
        notes.broke(`it wrote a line of more than ${LONGEST_LINE} bytes`);
        void child.end();
      };
      readLines(child.output, LONGEST_LINE, hear, tooLong).then(closed, closed);
      readLines(child.errors, 4096, (line) => notes.noise(line)).catch(() => {});
      child.ended.then((how) => {
        notes.broke(how);
        closed();
      });
      return Promise.resolve();
    },
    send: (message) => child.write(encoder.encode(`${JSON.stringify(message)}\n`)),
    async close() {
      await child.end();
      closed();
    },
  };
  return transport;
}

/** A message of JSON-RPC; the SDK reads what is in it. */
function readMessage(line: string): JSONRPCMessage | undefined {
  try {
    const value = JSON.parse(line);
    return value?.jsonrpc === "2.0" ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Calls `hear` with every line, without its end (also CR LF) and a byte order mark. A line that is too
 * long is cut into pieces, unless `tooLong` is given: then it is called, and reading ends.
 */
async function readLines(
  stream: ReadableStream<Uint8Array>,
  most: number,
  hear: (line: string) => void,
  tooLong?: () => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let length = 0;
  const end = () => {
    const line = pieces.join("");
    pieces = [];
    length = 0;
    hear(line.endsWith("\r") ? line.slice(0, -1) : line);
  };
  for await (const bytes of stream) {
    const [first = "", ...more] = decoder.decode(bytes, { stream: true }).split("\n");
    for (const [index, part] of [first, ...more].entries()) {
      if (index > 0) end();
      pieces.push(part);
      length += part.length;
      if (length <= most) continue;
      if (tooLong) return tooLong();
      end();
    }
  }
  if (length > 0) end();
}
