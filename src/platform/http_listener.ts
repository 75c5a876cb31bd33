import { CodedError } from "../domain/failure.ts";

/** A request without a body: all that is read of one. */
export interface HeadRequest {
  readonly method: string;
  /** As it was sent, with everything behind the path. */
  readonly target: string;
  /** By name in small letters, in order; a name can come several times. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** The address that it came from. */
  readonly from: string;
}

/** What is answered. */
export interface PlainReply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** Somebody who answers until it is closed. */
export interface HttpListener {
  /** The one that the system chose, where none was asked for. */
  readonly port: number;
  /** Ends what is under way too. */
  close(): void;
}

/** How much one who connects may take. */
export interface HttpLimits {
  /** Bytes of the request's line and fields. */
  readonly headBytes: number;
  /** Milliseconds from the connection to the end of the answer. */
  readonly ms: number;
  /** Connections at once; more are closed unheard. */
  readonly connections: number;
}

/**
 * Answers requests at one address: each connection is heard once, read up to the end of its head,
 * answered and closed. What is no request is answered with 400, what takes too long is cut off.
 * @throws {CodedError} `usage` when the address cannot be listened at
 */
export function listenForRequests(
  at: { readonly hostname: string; readonly port: number },
  limits: HttpLimits,
  answer: (request: HeadRequest) => Promise<PlainReply>,
): HttpListener {
  const listener = listenAt(at);
  const open = new Set<Deno.TcpConn>();
  const hear = async (connection: Deno.TcpConn) => {
    open.add(connection);
    const timer = setTimeout(() => close(connection), limits.ms);
    try {
      await answerOne(connection, limits, answer);
    } catch {
      // whoever connected has gone, was too slow, or the answer failed: nothing can be told
    } finally {
      clearTimeout(timer);
      open.delete(connection);
      close(connection);
    }
  };
  const accept = async () => {
    for (;;) {
      const connection = await listener.accept().catch((error) => {
        if (error instanceof Deno.errors.BadResource || isClosed) return undefined;
        return null; // one that broke off before it was taken
      });
      if (connection === undefined) return;
      if (connection === null) continue;
      if (open.size >= limits.connections) close(connection);
      else void hear(connection);
    }
  };
  let isClosed = false;
  void accept();
  return {
    port: listener.addr.port,
    close() {
      if (isClosed) return;
      isClosed = true;
      listener.close();
      for (const connection of open) close(connection);
    },
  };
}

function listenAt({ hostname, port }: { readonly hostname: string; readonly port: number }) {
  try {
    return Deno.listen({ hostname, port });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CodedError(
      "usage",
      `Nothing can be listened for at ${hostname}:${port}: ${why.replace(/\.?$/, ".")}`,
      "Set gateway.host and gateway.port to an address that is free.",
      { cause: error },
    );
  }
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // it is closed
  }
}

const BAD: PlainReply = { status: 400, type: "text/plain", body: "no request\n" };

async function answerOne(
  connection: Deno.TcpConn,
  { headBytes }: HttpLimits,
  answer: (request: HeadRequest) => Promise<PlainReply>,
): Promise<void> {
  const head = await readHead(connection, headBytes);
  const from = connection.remoteAddr.hostname;
  const request = head === undefined ? undefined : parseHead(head, from);
  const reply = request ? await answer(request) : BAD;
  const bytes = new TextEncoder().encode(formatReply(reply));
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
  await connection.closeWrite();
}

/** Everything up to the empty line; `undefined` when it is too long, or no text. */
async function readHead(connection: Deno.TcpConn, most: number): Promise<string | undefined> {
  const buffer = new Uint8Array(most);
  let length = 0;
  while (length < most) {
    const read = await connection.read(buffer.subarray(length));
    if (read === null) return undefined;
    length += read;
    const text = new TextDecoder("latin1").decode(buffer.subarray(0, length));
    const end = text.indexOf("\r\n\r\n");
    if (end >= 0) return text.slice(0, end);
  }
  return undefined;
}

/** RFC 9112, 2.1 to 5.1, read strictly: what could be read in two ways is no request. */
function parseHead(head: string, from: string): HeadRequest | undefined {
  const [first = "", ...lines] = head.split("\r\n");
  const [, method = "", target = ""] = /^([A-Z]+) (\/[\x21-\x7e]*) HTTP\/1\.[01]$/.exec(first) ??
    [];
  if (method === "") return undefined;
  const fields: (readonly [string, string])[] = [];
  for (const line of lines) {
    const [, name, value = ""] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/
      .exec(line) ?? [];
    if (name === undefined) return undefined;
    fields.push([name.toLowerCase(), value]);
  }
  return { method, target, fields, from };
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  429: "Too Many Requests",
  503: "Service Unavailable",
};

function formatReply({ status, type, body, fields = {} }: PlainReply): string {
  const all = {
    "content-type": `${type}; charset=utf-8`,
    "content-length": `${new TextEncoder().encode(body).length}`,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    connection: "close",
    ...fields,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${REASONS[status] ?? ""}\r\n${lines.join("")}\r\n${body}`;
}
