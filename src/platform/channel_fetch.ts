import { ConnectionError, type Fetch } from "./platform.ts";

/**
 * The runtime's `fetch` for the server of a channel, straight or through one HTTP or SOCKS proxy.
 * A redirect comes back as the answer that it is; nothing is sent to where it points. What it throws
 * names no address, for a bot's token stands in it: `ConnectionError`, or the signal's reason. A text
 * that was sent once is not sent again beneath whoever asked.
 * @throws {TypeError} for a proxy that cannot be used
 */
export function createChannelFetch(proxy?: string): Fetch {
  const client = proxy === undefined ? undefined : Deno.createHttpClient({ proxy: { url: proxy } });
  return async (input, init) => {
    try {
      return await fetch(input, {
        ...init,
        ...sentOnce(init?.body),
        ...{ redirect: "manual", ...(client ? { client } : {}) },
      });
    } catch (error) {
      init?.signal?.throwIfAborted();
      // Deno 2.7 says it in the message, 2.9 in its cause
      const { message, cause } = error as Error;
      const told = `${message} ${cause instanceof Error ? cause.message : ""}`;
      if (told.includes("certificate")) throw failed("certificate");
      throw failed(
        /client error \(Connect\)|NotCapable|blocked/.test(told) ? "unreachable" : "broken",
      );
    }
  };
}

/** Deno 2.7 repeats a request whose connection ends without an answer, if it can: not with a stream. */
function sentOnce(body: BodyInit | null | undefined): { readonly body?: BodyInit } {
  return typeof body === "string" ? { body: new Blob([body]).stream() } : {};
}

function failed(reason: ConnectionError["reason"]): ConnectionError {
  return new ConnectionError(reason, `The connection is ${reason}.`);
}
