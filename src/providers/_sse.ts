/** One event of a stream. */
export interface ServerEvent {
  /** Its name; `message` when it has none. */
  readonly event: string;
  readonly data: string;
}

/** Characters that one event may have: a whole answer as a single event is far below. */
const LARGEST_EVENT = 8 * 1024 * 1024;

/**
 * Reads a `text/event-stream` (WHATWG HTML, section 9.2.6). Comments and empty events are left
 * out; an event that is not closed by an empty line has not arrived and is left out too.
 * @throws {RangeError} when an event is absurdly large
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<ServerEvent> {
  let event = "";
  let data: string[] = [];
  for await (const line of readLines(body)) {
    if (line === "") {
      if (data.length > 0) yield { event: event || "message", data: data.join("\n") };
      [event, data] = ["", []];
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") event = value;
    if (field === "data") data.push(value);
  }
}

/** Lines of a stream, ended by CR, LF or both. */
async function* readLines(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    rest += piece;
    // A CR at the very end may be half of CR LF: it waits for the next piece.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    if (rest.length > LARGEST_EVENT) throw new RangeError("an event is too large");
    yield* lines;
  }
}
