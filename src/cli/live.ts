import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Answer } from "../domain/turn.ts";
import { createClock, createRandom } from "../platform/deno.ts";
import { follow } from "../platform/follow.ts";
import type { Clock } from "../platform/platform.ts";
import type { CliContext } from "./context.ts";
import { cancelOnInterrupt } from "./options.ts";

// What commands ask of the gateway, where one runs in their home.

/** How it is waited for. */
export interface Patience {
  /** Gets what is told before the end. */
  readonly hear?: (event: JsonObject) => void;
  /** For so long; else as long as it takes. */
  readonly seconds?: number | undefined;
  /** What to do when that was not enough. */
  readonly tooLate?: string;
}

/**
 * Asks the gateway of this home, and waits for what comes of it. `args` may be made once a gateway
 * is found; where they come out as `undefined` nothing is asked.
 * @returns `undefined`: none runs, or nothing was asked
 * @throws {CodedError} what the gateway says; `gateway_silent`; `cancelled` at Ctrl-C
 */
export async function askLive(
  context: CliContext,
  op: string,
  args: JsonObject | (() => Promise<JsonObject | undefined>),
  { hear, seconds, tooLate }: Patience = {},
): Promise<{ readonly value: Json } | undefined> {
  const { socket } = context;
  if (socket?.kind !== "at") return undefined;
  const { findGateway } = await import("../gateway/control_client.ts");
  const ports = { clock: createClock(), random: createRandom() };
  const { signal, release } = cancelOnInterrupt(context);
  const waiting = limited(signal, seconds, tooLate, ports.clock);
  try {
    const found = await findGateway(socket.path, ports, waiting.signal);
    if (found.kind === "absent") return undefined;
    if (found.kind === "silent") throw silentAt(socket.path);
    try {
      const given = typeof args === "function" ? await args() : args;
      return given && { value: await found.gateway.ask(op, given, waiting.signal, hear) };
    } finally {
      found.gateway.close();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new CodedError("cancelled", "You stopped waiting for the gateway; it goes on.");
  } finally {
    waiting.release();
    release();
  }
}

/** The same signal, that is aborted after a time too. */
function limited(
  signal: AbortSignal,
  seconds: number | undefined,
  hint: string | undefined,
  clock: Clock,
): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const unfollow = follow(controller, signal);
  const done = new AbortController();
  if (seconds !== undefined) {
    const message = `The gateway did not answer within ${seconds} s; it goes on with it.`;
    clock.sleep(seconds * 1000, done.signal).then(
      () => controller.abort(new CodedError("gateway_silent", message, hint)),
      () => {}, // it came to its end before
    );
  }
  return {
    signal: controller.signal,
    release() {
      done.abort();
      unfollow();
    },
  };
}

function silentAt(path: string): CodedError {
  return new CodedError(
    "gateway_silent",
    `The gateway of this home is there ("${path}"), but it does not answer.`,
    "See clambot logs; if it stays so, end its process and start it again.",
  );
}

const STATUSES: readonly unknown[] = ["completed", "chat", "failed", "needs_person"];

/** Reads an answer that a gateway sent. @throws {CodedError} `internal` when it is none */
export function readLiveAnswer(value: Json): Answer {
  const { status, reply, calls } = value as { readonly [key: string]: unknown } ?? {};
  if (STATUSES.includes(status) && typeof reply === "string" && Array.isArray(calls)) {
    return value as unknown as Answer;
  }
  throw new CodedError(
    "internal",
    "The gateway's answer cannot be read: it may be of another version of ClamBot.",
    "Start the gateway again.",
  );
}
