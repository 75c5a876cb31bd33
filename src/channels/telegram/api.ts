import type { Api, RawApi } from "grammy/web";
import type { Clock, Fetch } from "../../platform/platform.ts";
import {
  errorOfAnswer,
  errorOfConnection,
  type RefusedAnswer,
  TelegramError,
  unclear,
} from "./_telegram_error.ts";

/** A method of the Bot API. */
export type BotMethod = string & keyof RawApi;

/** What a method is told. */
export type BotPayload<M extends BotMethod> = M extends "getMe" ? Record<string, never>
  : Parameters<RawApi[M]>[0];

/** What it answers, as Telegram documents it: what decides something is read strictly. */
export type BotResult<M extends BotMethod> = Awaited<ReturnType<RawApi[M]>>;

/** The only door to the Bot API. Its errors hold no token. */
export interface BotApi {
  /**
   * Calls a method, for `ms` milliseconds at most.
   * @throws {TelegramError}, or the signal's reason
   */
  call<M extends BotMethod>(
    method: M,
    payload: BotPayload<M>,
    signal: AbortSignal,
    ms?: number,
  ): Promise<BotResult<M>>;
  /**
   * Fetches a file by the path that `getFile` gave.
   * @throws {TelegramError} also when it has more bytes than that, or the signal's reason
   */
  download(path: string, mostBytes: number, signal: AbortSignal): Promise<Uint8Array>;
}

/** What the door is built with. */
export interface BotApiPorts {
  readonly token: string;
  /** Without a slash at its end. */
  readonly apiRoot: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/** Where the Bot API is. */
export const TELEGRAM_API = "https://api.telegram.org";

/** Milliseconds of a call that says nothing else. */
const CALL_MS = 30_000;
/** Milliseconds of a file. */
const FILE_MS = 120_000;

/** Opens it. The library comes now, for only a gateway with Telegram needs it. */
export async function openBotApi(ports: BotApiPorts): Promise<BotApi> {
  const { Api } = await import("grammy/web");
  const { token, apiRoot, clock } = ports;
  const answers = { fetch: (...given: Parameters<Fetch>) => readable(ports.fetch, given) };
  const { raw }: Api = new Api(token, { apiRoot, ...answers as Pick<object, never> });
  const methods = raw as unknown as Record<
    string,
    (...given: readonly (object | undefined)[]) => Promise<unknown>
  >;
  return {
    call: (method, payload, signal, ms = CALL_MS) =>
      within(clock, ms, signal, method, async (limited) => {
        try {
          const given = method === "getMe" ? [limited] : [payload, limited];
          return await methods[method]?.(...given) as never;
        } catch (error) {
          throw mapped(method, error);
        }
      }),
    download: (path, mostBytes, signal) =>
      within(clock, FILE_MS, signal, "a file", async (limited) => {
        try {
          const url = `${apiRoot}/file/bot${token}/${
            path.split("/").map(encodeURIComponent).join("/")
          }`;
          return await readFile(await ports.fetch(url, { signal: limited }), mostBytes);
        } catch (error) {
          throw error instanceof TelegramError ? error : errorOfConnection("a file", error);
        }
      }),
  };
}

/** The library takes JSON only: an answer that is none becomes one that says so. */
async function readable(send: Fetch, given: Parameters<Fetch>): Promise<Response> {
  const response = await send(...given);
  const text = await response.text();
  const answer = parsed(text);
  if (typeof answer?.ok === "boolean") return new Response(text);
  return Response.json({ ok: false, error_code: response.status, description: "no JSON" });
}

function parsed(text: string): { readonly ok?: unknown } | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The library keeps what was thrown on the way in `error`, and what was answered in its fields. */
function mapped(method: string, error: unknown): TelegramError {
  const { error_code, description, parameters, error: inner } = error as
    & Partial<RefusedAnswer>
    & { readonly error?: unknown };
  if (typeof error_code !== "number") return errorOfConnection(method, inner);
  const answer = { error_code, description: String(description ?? "") };
  return errorOfAnswer(method, parameters ? { ...answer, parameters } : answer);
}

/** Ends what takes too long, though it may hear no signal. */
async function within<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  method: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const ended = new AbortController();
  const late = new AbortController();
  const working = work(AbortSignal.any([signal, late.signal]));
  working.catch(() => {}); // it may fail after it was given up
  const tooLate = clock.sleep(ms, AbortSignal.any([signal, ended.signal])).then(() => {
    const error = unclear(method, "did not answer in time");
    late.abort(error);
    throw error;
  });
  try {
    return await Promise.race([working, tooLate]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    ended.abort();
    tooLate.catch(() => {});
  }
}

async function readFile(response: Response, mostBytes: number): Promise<Uint8Array> {
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel();
    const description = "the file cannot be had";
    throw errorOfAnswer("a file", { error_code: response.status, description });
  }
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body) {
    bytes += piece.length;
    if (bytes > mostBytes) {
      const description = `it has more than ${mostBytes} bytes`;
      throw errorOfAnswer("a file", { error_code: 400, description });
    }
    pieces.push(piece);
  }
  return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
}
