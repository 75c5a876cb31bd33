import type { FetchLike } from "@modelcontextprotocol/client";
import type { PublicFetch } from "../net/public_fetch.ts";

/** The name by which entries of `network.allowHosts` open internal hosts to MCP servers. */
export const ALLOWED_AS = "mcp";

/** Milliseconds for the head of an answer, and bytes of a line of it at most. */
const HEAD_MS = 120_000;
const LONGEST_LINE = 16_777_216;

/**
 * The web's `fetch` through the network guard. Redirects are handed back; `headers` go to addresses
 * of this origin alone.
 */
export function createGuardedFetch(
  publicFetch: PublicFetch,
  origin: string,
  headers: Readonly<Record<string, string>>,
): FetchLike {
  return async (input, init) => {
    const request = new Request(input, init);
    const own = new URL(request.url).origin === origin ? headers : {};
    const body = request.body === null ? {} : { body: new Uint8Array(await request.arrayBuffer()) };
    const response = await publicFetch.open(
      {
        tool: ALLOWED_AS,
        method: request.method,
        url: request.url,
        headers: { ...own, ...Object.fromEntries(request.headers) },
        ...body,
      },
      HEAD_MS,
      request.signal,
    );
    const { status, statusText } = response;
    const stream = response.body?.pipeThrough(createLineBound(LONGEST_LINE)) ?? null;
    const isEmpty = [204, 205, 304].includes(status);
    const answer = new Response(isEmpty ? null : stream, {
      ...{ status, statusText },
      headers: response.headers,
    });
    Object.defineProperty(answer, "url", { value: request.url });
    return answer;
  };
}

/** Breaks off where a line never ends, before it fills the memory. */
function createLineBound(most: number): TransformStream<Uint8Array, Uint8Array> {
  let length = 0;
  return new TransformStream({
    transform(bytes, control) {
      const end = bytes.lastIndexOf(10);
      length = end < 0 ? length + bytes.length : bytes.length - end - 1;
      if (length > most) control.error(new Error(`it sent a line of more than ${most} bytes`));
      else control.enqueue(bytes);
    },
  });
}
