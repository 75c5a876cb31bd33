import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { abortable } from "../platform/abortable.ts";
import { follow } from "../platform/follow.ts";
import type { Clock, Random } from "../platform/platform.ts";
import { connectLocally, type LocalConnection } from "../platform/unix_socket.ts";
import { type ControlReply, type ControlRequest, readControlReply } from "./_control_messages.ts";
import { readFrames, toFrame } from "./_frames.ts";

/** A gateway that answers. */
export interface LiveGateway {
  readonly pid: number;
  /**
   * Asks for something and waits for its end; one thing at a time. A connection that breaks is made once more, with the
   * same request, which the gateway does once.
   * @throws {CodedError} what the gateway says, or `gateway_silent`; and the signal's reason
   */
  ask(
    op: string,
    args: JsonObject,
    signal: AbortSignal,
    hear?: (event: JsonObject) => void,
  ): Promise<Json>;
  close(): void;
}

/** Whether a gateway runs. `silent`: something listens, and says nothing. */
export type FoundGateway =
  | { readonly kind: "there"; readonly gateway: LiveGateway }
  | { readonly kind: "absent" }
  | { readonly kind: "silent" };

/** What a client is made of. */
export interface ClientPorts {
  readonly clock: Clock;
  readonly random: Pick<Random, "id">;
}

/** Milliseconds within which a gateway says that it is there. */
const PATIENCE_MS = 2000;

/** Looks whether a gateway answers at this socket. @throws the signal's reason */
export async function findGateway(
  path: string,
  ports: ClientPorts,
  signal: AbortSignal,
): Promise<FoundGateway> {
  const found = await greet(path, ports, signal);
  if (found.kind !== "there") return found;
  let { line } = found;
  const silent = () =>
    new CodedError(
      "gateway_silent",
      "The gateway is there, but its answer did not come.",
      "See clambot status, and clambot logs.",
    );
  const again = async () => {
    line.close();
    const second = await greet(path, ports, signal);
    if (second.kind !== "there") throw silent();
    line = second.line;
  };
  return {
    kind: "there",
    gateway: {
      pid: found.pid,
      async ask(op, args, until, hear = () => {}) {
        const request = { id: ports.random.id(), op, args };
        for (let tries = 0; tries < 2; tries++) {
          if (tries > 0) await again();
          const reply = await exchange(request, line, until, hear);
          if (reply?.ok) return reply.value;
          if (!reply) continue;
          const { code, message, hint } = reply.failure;
          throw new CodedError(code, message, hint);
        }
        throw silent();
      },
      close: () => line.close(),
    },
  };
}

/** A connection with the lines that come over it. */
interface Line {
  readonly connection: LocalConnection;
  readonly frames: AsyncGenerator<string | undefined, void>;
  close(): void;
}

type Greeted =
  | { readonly kind: "there"; readonly line: Line; readonly pid: number }
  | { readonly kind: "absent" }
  | { readonly kind: "silent" };

async function greet(
  path: string,
  { clock, random }: ClientPorts,
  signal: AbortSignal,
): Promise<Greeted> {
  const patience = new AbortController();
  const unfollow = follow(patience, signal);
  const tooLong = new CodedError("gateway_silent", "The gateway said nothing in time.");
  const enough = new AbortController();
  clock.sleep(PATIENCE_MS, enough.signal).then(() => patience.abort(tooLong), () => {});
  try {
    const connected = await connectLocally(path, patience.signal);
    if (connected.kind === "nobody") return { kind: "absent" };
    if (connected.kind === "silent") return connected;
    const line = openLine(connected.connection);
    const hello = { id: random.id(), op: "hello", args: {} };
    const reply = await exchange(hello, line, patience.signal, () => {}).catch((error) => {
      line.close();
      throw error;
    });
    const pid = reply?.ok ? (reply.value as { readonly pid?: unknown } | null)?.pid : undefined;
    if (typeof pid === "number") return { kind: "there", line, pid };
    line.close();
    return { kind: "silent" };
  } catch (error) {
    if (error === tooLong) return { kind: "silent" };
    throw error;
  } finally {
    enough.abort();
    unfollow();
  }
}

function openLine(connection: LocalConnection): Line {
  return { connection, frames: readFrames(connection), close: () => connection.close() };
}

/** The end of one request; `undefined` when the connection broke before it. */
async function exchange(
  request: ControlRequest,
  { connection, frames }: Line,
  signal: AbortSignal,
  hear: (event: JsonObject) => void,
): Promise<Extract<ControlReply, { readonly ok: boolean }> | undefined> {
  try {
    await abortable(connection.write(toFrame(request)), signal);
  } catch {
    signal.throwIfAborted();
    return undefined; // nobody is there any more
  }
  for (;;) {
    const { value: frame, done } = await abortable(frames.next(), signal);
    if (done || frame === undefined) return undefined;
    const reply = readControlReply(frame);
    if (reply === undefined || (reply.id !== request.id && reply.id !== null)) continue;
    if ("event" in reply) hear(reply.event);
    else return reply;
  }
}
