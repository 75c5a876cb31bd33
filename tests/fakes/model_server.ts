import type { Json, JsonObject } from "../../src/domain/json.ts";
import { type ProtocolName, PROTOCOLS } from "./model_protocols.ts";

/** How the server takes one request. */
export type Behaviour =
  /** Streams these pieces; `thoughts` go where the protocol puts them. */
  | { readonly kind: "text"; readonly pieces: readonly string[]; readonly thoughts?: string }
  /** Answers with an object in the way that the protocol has for it. */
  | { readonly kind: "object"; readonly value: Json }
  | {
    readonly kind: "status";
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: string;
  }
  /** Thinks, and then says nothing. */
  | { readonly kind: "empty" }
  | { readonly kind: "refusal" }
  /** Stops at the limit of tokens. */
  | { readonly kind: "truncated"; readonly pieces: readonly string[] }
  /** Ends the stream properly, but without the protocol's last word. */
  | { readonly kind: "early"; readonly pieces: readonly string[] }
  /** The connection dies in the middle. */
  | { readonly kind: "cut"; readonly pieces: readonly string[] }
  /** Begins and then sends nothing more. */
  | { readonly kind: "stall"; readonly pieces: readonly string[] }
  /** Never answers. */
  | { readonly kind: "silence" }
  /** Sends an event that is no JSON. */
  | { readonly kind: "garbage" };

/** One request as it came in. */
export interface SeenRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: JsonObject;
}

/** A model server on loopback that does what it was told, request by request. */
export interface ModelServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
}

/** What every answer says about its tokens. */
export const TOKENS = { input: 100, cached: 40, output: 7 } as const;

/** Starts a server that speaks a protocol; the last behaviour is repeated. */
export function startModelServer(
  protocol: ProtocolName,
  ...script: readonly Behaviour[]
): ModelServer {
  const requests: SeenRequest[] = [];
  const gone = new AbortController();
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      onListen() {},
      onError: () => new Response(null, { status: 500 }),
    },
    async (request) => {
      const url = new URL(request.url);
      const text = await request.text();
      requests.push({
        method: request.method,
        path: `${url.pathname}${url.search}`,
        headers: request.headers,
        body: parseBody(text),
      });
      const behaviour = script[Math.min(requests.length, script.length) - 1];
      if (!behaviour) return new Response("no script", { status: 500 });
      return await respond(protocol, behaviour, requests.at(-1)!.body, gone.signal);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      gone.abort();
      await server.shutdown();
    },
  };
}

/** JSON as it is, forms as an object of texts. */
function parseBody(text: string): JsonObject {
  return text.startsWith("{") ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
}

/** Answers one request as the behaviour says. */
export async function respond(
  protocol: ProtocolName,
  behaviour: Behaviour,
  request: JsonObject,
  gone: AbortSignal,
): Promise<Response> {
  if (behaviour.kind === "status") {
    const { status, headers, body } = behaviour;
    return new Response(body, {
      status,
      headers: { "content-type": "application/json", ...headers },
    });
  }
  if (behaviour.kind === "silence") {
    await ended(gone);
    return new Response(null, { status: 500 });
  }
  const { stream, whole } = PROTOCOLS[protocol];
  if (whole && request.stream !== true) return Response.json(whole(behaviour));
  return streamed(stream(behaviour, request), behaviour, gone);
}

function streamed(events: readonly string[], behaviour: Behaviour, gone: AbortSignal): Response {
  const encoder = new TextEncoder();
  const queue = [...events];
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = queue.shift();
      if (next !== undefined) {
        // Cut anywhere, as networks do: also inside a character and between CR and LF.
        const bytes = encoder.encode(next);
        const middle = Math.floor(bytes.length / 2);
        controller.enqueue(bytes.subarray(0, middle));
        await new Promise((resolve) => setTimeout(resolve));
        return controller.enqueue(bytes.subarray(middle));
      }
      if (behaviour.kind === "stall") await ended(gone);
      if (behaviour.kind === "cut") return controller.error(new Error("cut"));
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
