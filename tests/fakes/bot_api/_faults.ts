/** What goes wrong with a call. */
export type Fault =
  /** An answer of the Bot API. */
  | {
    readonly kind: "refused";
    readonly code: number;
    readonly description?: string;
    readonly retryAfter?: number;
    readonly movedTo?: number;
  }
  /** Something between answers: a page, an empty body, a redirect. */
  | { readonly kind: "page"; readonly status: number; readonly body?: string; readonly to?: string }
  /** The connection breaks, and nothing was done. */
  | { readonly kind: "cut" }
  /** It is done, and the connection breaks before anybody hears of it. */
  | { readonly kind: "applied_unanswered" }
  /** Nothing is ever answered. `isApplied`: it was done first. */
  | { readonly kind: "hang"; readonly isApplied?: boolean };

/** The answer of something that stands before the Bot API. */
export function pageOf({ status, body, to }: Extract<Fault, { kind: "page" }>): Response {
  const headers = { "content-type": "text/html", ...(to === undefined ? {} : { location: to }) };
  return new Response(body ?? "<html><h1>Bad Gateway</h1></html>", { status, headers });
}

/** An answer whose connection breaks on the way. */
export function brokenResponse(): Response {
  const body = new ReadableStream({
    start(stream) {
      stream.enqueue(new Uint8Array([123]));
      stream.close();
    },
  });
  return new Response(body, { headers: { "content-length": "100" } });
}

/** Resolves when whoever asked has gone. */
export function goneOf(request: Request): Promise<void> {
  return new Promise((resolve) => {
    if (request.signal.aborted) resolve();
    request.signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
