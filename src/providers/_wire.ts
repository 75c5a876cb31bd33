import type { Clock, Fetch } from "../platform/platform.ts";
import {
  type Addressee,
  broken,
  failureOfStatus,
  redirected,
  slow,
  unreachable,
} from "./_failures.ts";
import { ProviderError } from "./provider.ts";
import { readRetryAfter } from "./_retry_after.ts";

/** How long a request may take, in milliseconds. */
export interface Deadlines {
  /** Until the answer begins. */
  readonly headersMs: number;
  /** Between two pieces of the answer. */
  readonly idleMs: number;
  /** Altogether. */
  readonly totalMs: number;
}

/** Thinking can be silent for minutes, and a local server may have to load the model first. */
export const USUAL_DEADLINES: Deadlines = {
  headersMs: 180_000,
  idleMs: 180_000,
  totalMs: 900_000,
};

/** Bytes of an answer at most: far more than any model writes. */
const LARGEST_BODY = 64 * 1024 * 1024;

/** Bytes of an error's body that are read. */
const LARGEST_ERROR = 64 * 1024;

/** What requests go over. */
export interface WirePorts {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
}

/**
 * A fetch that ends in time, follows no redirect and turns everything but a good answer into a
 * {@linkcode ProviderError}, also what happens while the body is read. When the signal in `init`
 * is aborted, its reason is thrown. The body must be read to its end or cancelled.
 */
export function createWire(to: Addressee, ports: WirePorts): Fetch {
  return async (input, init = {}) => {
    init.signal?.throwIfAborted();
    const watch = startWatch(to, ports.deadlines, init.signal ?? undefined);
    try {
      watch.expect(ports.deadlines.headersMs, "did not answer");
      const response = await ports.fetch(input, { ...init, signal: watch.signal });
      const body = response.body && guardBody(response.body, to, ports.deadlines, watch);
      if (!response.ok) throw await failureOf(response, body, to, ports.clock);
      if (body === null) watch.stop();
      const { status, statusText, headers } = response;
      return new Response(body, { status, statusText, headers });
    } catch (error) {
      watch.stop();
      throw reasonIn(watch.signal) ??
        (error instanceof ProviderError ? error : unreachable(to, error));
    }
  };
}

/** The clocks of one request. */
interface Watch {
  readonly signal: AbortSignal;
  /** Begins a new stretch of waiting; `what` happened when it is over. */
  expect(ms: number, what: string): void;
  stop(): void;
}

/**
 * The signal's reason is what there is to throw. The two causes are tied by hand: a signal made by
 * `AbortSignal.any` can be collected while somebody still waits for it (Deno 2.7 to 2.9).
 */
function startWatch(to: Addressee, deadlines: Deadlines, caller: AbortSignal | undefined): Watch {
  const ending = new AbortController();
  const cancel = () => ending.abort(caller?.reason);
  caller?.addEventListener("abort", cancel, { once: true });
  const after = (ms: number, what: string) =>
    setTimeout(() => ending.abort(slow(to, `${what} within ${Math.ceil(ms / 1000)} s`)), ms);
  const total = after(deadlines.totalMs, "did not finish its answer");
  let stretch: ReturnType<typeof setTimeout> | undefined;
  return {
    signal: ending.signal,
    expect(ms, what) {
      clearTimeout(stretch);
      stretch = after(ms, what);
    },
    stop() {
      caller?.removeEventListener("abort", cancel);
      clearTimeout(total);
      clearTimeout(stretch);
    },
  };
}

/**
 * The next piece, or the signal's reason. The runtime's fetch hears its signal only as long as
 * somebody holds the response itself (Deno 2.7 to 2.9), so it is listened to here.
 */
function readUntil<T>(
  reader: ReadableStreamDefaultReader<T>,
  signal: AbortSignal,
): Promise<ReadableStreamReadResult<T>> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    reader.read().then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", stop));
  });
}

/** The same body with a clock for each piece and a bound for all of them. */
function guardBody(
  body: ReadableStream<Uint8Array>,
  to: Addressee,
  deadlines: Deadlines,
  watch: Watch,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader() as ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  let bytes = 0;
  return new ReadableStream({
    async pull(controller) {
      try {
        watch.expect(deadlines.idleMs, "did not go on with its answer");
        const { done, value } = await readUntil(reader, watch.signal);
        if (done) {
          watch.stop();
          return controller.close();
        }
        bytes += value.length;
        if (bytes > LARGEST_BODY) throw broken(to, "answered far too much");
        controller.enqueue(value);
      } catch (error) {
        watch.stop();
        await reader.cancel().catch(() => {}); // it may be broken already
        controller.error(reasonIn(watch.signal) ?? asFailure(to, error));
      }
    },
    async cancel(reason) {
      watch.stop();
      await reader.cancel(reason).catch(() => {}); // the same
    },
  }, { highWaterMark: 0 });
}

function reasonIn(signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : undefined;
}

function asFailure(to: Addressee, error: unknown): unknown {
  return error instanceof ProviderError
    ? error
    : broken(to, "broke off in the middle of its answer");
}

async function failureOf(
  response: Response,
  body: ReadableStream<Uint8Array> | null,
  to: Addressee,
  clock: Clock,
): Promise<ProviderError> {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    await body?.cancel();
    return redirected(to, headers.get("location") ?? "");
  }
  const text = body === null ? "" : await readStart(body, LARGEST_ERROR);
  return failureOfStatus(to, status, text, readRetryAfter(headers, clock.now()));
}

/** The beginning of a body as text; the rest is not read. */
async function readStart(body: ReadableStream<Uint8Array>, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
    if (text.length >= limit) break; // leaving the loop cancels the body
  }
  return text.slice(0, limit);
}
