import { CodedError } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Clock } from "../platform/platform.ts";
import { type ToolDefinition } from "./definition.ts";
import type { ServerEntry } from "./entry.ts";
import type { Session } from "./_session.ts";
import { loginWanted, refusalFrom, sentenceOf, sessionIsGone, wantsLogin } from "./_failures.ts";

/** What a server lists at the moment. */
export interface Listed {
  readonly server: string;
  readonly protocol: string;
  readonly definitions: readonly ToolDefinition[];
  /** A sentence for each tool that cannot be used. */
  readonly left: readonly string[];
}

/** The one connection with a server: begun when it is needed, and anew when it broke. */
export interface ServerConnection {
  /** @throws {CodedError} `server_failed` */
  list(signal: AbortSignal): Promise<Listed>;
  /**
   * Calls a tool, once `check` has taken what the server lists at the moment.
   * @throws {CodedError} what `check` throws; `server_failed`: nothing was done; `tool_timeout` and
   * `call_in_doubt`: it may have been done
   */
  call(
    tool: string,
    args: JsonObject,
    check: (listed: Listed) => Promise<void>,
    signal: AbortSignal,
  ): Promise<JsonObject>;
  close(): Promise<void>;
}

/** What a connection is made from. */
export interface ConnectionMeans {
  readonly entry: ServerEntry;
  readonly clock: Clock;
  /** Begins a session; `changed` is called when the server says that its tools have changed. */
  begin(changed: () => void, signal: AbortSignal): Promise<Session>;
}

/** Milliseconds to wait after the first start that failed, and after many of them. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;

/** A session, and what it listed until the server said that this has changed. */
interface Current {
  readonly session: Session;
  listed: Promise<Listed> | undefined;
}

export function createConnection({ entry, clock, begin }: ConnectionMeans): ServerConnection {
  const ending = new AbortController();
  let current: Promise<Current> | undefined;
  let failures = 0;
  let notBefore = 0;

  /** Whoever needs the server at the same time shares one start. */
  function open(): Promise<Current> {
    const started = start();
    current = started;
    started.catch(() => {
      if (current === started) current = undefined;
    });
    return started;
  }

  async function start(): Promise<Current> {
    const wait = notBefore - clock.monotonic();
    if (wait > 0) await clock.sleep(wait, ending.signal);
    failures++;
    notBefore = clock.monotonic() + Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT);
    try {
      let made: Current | undefined;
      const session = await begin(() => {
        if (made) made.listed = undefined;
      }, ending.signal);
      return made = { session, listed: undefined };
    } catch (error) {
      throw failedToStart(error, entry.name);
    }
  }

  async function find(signal: AbortSignal): Promise<Current> {
    const known = await current?.catch(() => undefined);
    if (known && !known.session.isOpen()) current = undefined;
    return await untilAborted(current ?? open(), signal);
  }

  function listedBy(one: Current): Promise<Listed> {
    const { session } = one;
    one.listed ??= session.list(ending.signal).then(({ definitions, left }) => ({
      ...{ definitions, server: session.server, protocol: session.protocol },
      left: [...left, ...notThere(entry, definitions)],
    }), (error) => {
      one.listed = undefined;
      throw failedToStart(error, entry.name);
    });
    return one.listed;
  }

  async function call(
    tool: string,
    args: JsonObject,
    check: (listed: Listed) => Promise<void>,
    signal: AbortSignal,
    isAgain = false,
  ): Promise<JsonObject> {
    const one = await find(signal);
    await check(await untilAborted(listedBy(one), signal));
    signal.throwIfAborted();
    try {
      const result = await one.session.call(tool, args, signal);
      failures = 0;
      notBefore = 0;
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (sessionIsGone(error) && !isAgain) { // it was turned away before anything was done
        await one.session.close().catch(() => {});
        current = undefined;
        return await call(tool, args, check, signal, true);
      }
      return refusalFrom(error, entry.name);
    }
  }

  return {
    list: async (signal) => await untilAborted(listedBy(await find(signal)), signal),
    call,
    async close() {
      ending.abort(new CodedError("cancelled", "The connection was closed."));
      const known = await current?.catch(() => undefined);
      await known?.session.close().catch(() => {});
    },
  };
}

/** Tools that the configuration names and the server does not list. */
function notThere({ only = [], name }: ServerEntry, definitions: readonly ToolDefinition[]) {
  const listed = new Set(definitions.map((one) => one.name));
  return only.filter((tool) => !listed.has(tool))
    .map((tool) => `tools of "${name}" names "${tool}", which the server does not list.`);
}

function failedToStart(error: unknown, server: string): Error {
  if (error instanceof CodedError) return error;
  if (wantsLogin(error)) return loginWanted(server);
  return new CodedError(
    "server_failed",
    `The server ${server} cannot be used: ${sentenceOf(error)}.`,
    `See more with: clambot mcp test ${server}`,
  );
}

/** Leaves at the signal; the work itself goes on for others. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
  });
}
