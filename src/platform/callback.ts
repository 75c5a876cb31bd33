/** Waits for a browser to come back from a login. */
export interface CallbackListener {
  /**
   * Listens on 127.0.0.1 until somebody asks for `path` with a query that `accept` takes, and
   * resolves to that query. Everything else is turned away and waiting goes on.
   * @throws when the port is taken, and the signal's reason
   */
  wait(
    at: { readonly port: number; readonly path: string },
    accept: (query: URLSearchParams) => boolean,
    signal: AbortSignal,
  ): Promise<URLSearchParams>;
}

/** The adapter on this machine. */
export function createCallbackListener(): CallbackListener {
  return {
    async wait({ port, path }, accept, signal) {
      signal.throwIfAborted();
      const arrived = Promise.withResolvers<URLSearchParams>();
      const server = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, (request) => {
        const { pathname, searchParams } = new URL(request.url);
        if (request.method !== "GET" || pathname !== path) return page(404, "Nothing is here.");
        if (!accept(searchParams)) return page(400, "This does not belong to the login.");
        arrived.resolve(searchParams);
        return page(200, "You can close this window and go back to the terminal.");
      });
      const stop = () => arrived.reject(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
      try {
        return await arrived.promise;
      } finally {
        signal.removeEventListener("abort", stop);
        await server.shutdown(); // lets the browser have its page first
      }
    },
  };
}

function page(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "connection": "close" },
  });
}
