import type { Connection } from "./_connection.ts";
import { gunzip } from "./_gunzip.ts";
import { readFields } from "./_header_fields.ts";
import { ConnectionError } from "./platform.ts";

/** Status and headers of an answer, and how its body is framed. */
interface Head {
  readonly status: number;
  readonly headers: Headers;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes of the status line and all headers, of trailers, and of a chunk's size line. */
const HEAD_BYTES = 65_536;

/**
 * One request and its answer over one connection, HTTP/1.1 (RFC 9112). The connection ends with
 * the body. Bodies that end too early are errors, never short answers.
 */
export async function exchange(
  connection: Connection,
  request: Request,
  body: Bytes | undefined,
): Promise<Response> {
  // A server may answer and close before it has read everything: its answer counts.
  send(connection, request, body).catch(() => {});
  const source = createSource(connection);
  return respond(await readHead(source), request.method, source, connection);
}

async function send(
  connection: Connection,
  request: Request,
  body: Bytes | undefined,
): Promise<void> {
  const url = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.set("host", url.host);
  headers.set("connection", "close");
  headers.set("accept-encoding", "gzip");
  if (body) headers.set("content-length", String(body.length));
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
  const start = `${request.method} ${url.pathname}${url.search} HTTP/1.1`;
  await connection.write(latin1([start, ...lines, "", ""].join("\r\n")));
  if (body?.length) await connection.write(body);
}

/** Header values are byte strings: one character, one byte. */
function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Reads the head of the answer, passing over interim ones (1xx). */
async function readHead(source: Source): Promise<Head> {
  let budget = HEAD_BYTES;
  const line = async () => {
    const text = await source.line(budget);
    budget -= text.length + 2;
    return text;
  };
  for (;;) {
    const [, digits] = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(await line()) ?? [];
    if (digits === undefined) throw broken("it does not speak HTTP");
    const headers = await readFields(line);
    const status = Number(digits);
    if (status === 101 || status < 100) {
      throw broken(`it answered with the unusable status ${status}`);
    }
    if (status >= 200) return { status, headers };
  }
}

function respond(
  { status, headers }: Head,
  method: string,
  source: Source,
  connection: Connection,
): Response {
  if (method === "HEAD" || status === 204 || status === 205 || status === 304) {
    connection.close();
    return toResponse(null, status, headers);
  }
  const body = framed(headers, source);
  if (!/^(?:x-)?gzip$/i.test(headers.get("content-encoding") ?? "")) {
    return toResponse(streamOf(body, connection), status, headers);
  }
  headers.delete("content-encoding");
  headers.delete("content-length");
  return toResponse(streamOf(gunzip(body), connection), status, headers);
}

/** The highest status that a `Response` can be made with. */
const HIGHEST = 599;

/**
 * An answer with its status. Servers make up some beyond 599, and a client takes them for failures
 * of theirs (RFC 9110, section 15): the response is made as such a one, and then told the number.
 */
function toResponse(
  body: ReadableStream<Bytes> | null,
  status: number,
  headers: Headers,
): Response {
  if (status <= HIGHEST) return new Response(body, { status, headers });
  const response = new Response(body, { status: HIGHEST, headers });
  return Object.defineProperty(response, "status", { value: status });
}

/** The body's bytes without their framing (RFC 9112, section 6.3). */
function framed(headers: Headers, source: Source): AsyncGenerator<Bytes> {
  const coding = headers.get("transfer-encoding");
  if (coding !== null) {
    if (coding.toLowerCase() !== "chunked") throw broken("it sent an unknown transfer coding");
    return chunks(source);
  }
  const length = headers.get("content-length");
  if (length === null) return untilClosed(source);
  const [size, ...more] = [...new Set(length.split(/,\s*/))];
  if (size === undefined || more.length > 0 || !/^\d{1,15}$/.test(size)) {
    throw broken("it sent a malformed length");
  }
  return source.pieces(Number(size));
}

async function* untilClosed(source: Source): AsyncGenerator<Bytes> {
  for (let piece = await source.next(); piece; piece = await source.next()) yield piece;
}

async function* chunks(source: Source): AsyncGenerator<Bytes> {
  for (;;) {
    const [, digits] = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i.exec(await source.line(HEAD_BYTES)) ??
      [];
    if (digits === undefined) throw broken("it sent a malformed chunk");
    const size = parseInt(digits, 16);
    if (size === 0) return; // trailers are of no use, and the connection ends here
    yield* source.pieces(size);
    if (await source.line(16) !== "") throw broken("it sent a malformed chunk");
  }
}

/** A stream that reads when it is asked, and ends the connection when it ends or is cancelled. */
function streamOf(pieces: AsyncGenerator<Bytes>, connection: Connection): ReadableStream<Bytes> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (!done) return controller.enqueue(value);
        connection.close();
        controller.close();
      } catch (error) {
        connection.close();
        controller.error(error instanceof ConnectionError ? error : cutOff(error));
      }
    },
    cancel() {
      connection.close();
      pieces.return(undefined).catch(() => {}); // lets go of what it holds
    },
  }, { highWaterMark: 0 });
}

type Source = ReturnType<typeof createSource>;

/** Reads a connection by lines and by counts. */
function createSource(connection: Connection) {
  let rest: Bytes = new Uint8Array();

  /** Whatever has arrived, or the next piece; `undefined` at the end. */
  const next = async (): Promise<Bytes | undefined> => {
    if (rest.length === 0) return await connection.read();
    const piece = rest;
    rest = new Uint8Array();
    return piece;
  };

  /** One line without its end; `most` bytes at most. */
  const line = async (most: number): Promise<string> => {
    let text = "";
    for (;;) {
      const piece = await next();
      if (!piece) throw cutOff();
      const end = piece.indexOf(10);
      text += String.fromCharCode(...piece.subarray(0, end === -1 ? undefined : end));
      if (text.length > most) throw broken("it sent a line or headers that are too long");
      if (end === -1) continue;
      rest = piece.subarray(end + 1);
      return text.replace(/\r$/, "");
    }
  };

  /** Exactly `size` bytes, in the pieces in which they arrive. */
  async function* pieces(size: number): AsyncGenerator<Bytes> {
    for (let left = size; left > 0;) {
      const piece = await next();
      if (!piece) throw cutOff();
      rest = piece.subarray(left);
      yield piece.subarray(0, left);
      left -= Math.min(left, piece.length);
    }
  }

  return { next, line, pieces };
}

function broken(what: string, cause?: unknown): ConnectionError {
  return new ConnectionError("broken", what, { cause });
}

function cutOff(cause?: unknown): ConnectionError {
  return broken("it broke off in the middle of its answer", cause);
}
