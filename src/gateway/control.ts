import { CodedError, type Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { Clock, Log } from "../platform/platform.ts";
import type { LocalConnection, LocalListener } from "../platform/unix_socket.ts";
import { canonicalJson } from "../text/canonical_json.ts";
import { keepAnswers } from "./_kept_answers.ts";
import {
  type ControlEnd,
  type ControlReply,
  type ControlRequest,
  readControlRequest,
} from "./_control_messages.ts";
import { LARGEST_FRAME, readFrames } from "./_frames.ts";
import { openOutgoing, type Outgoing } from "./_outgoing.ts";

/**
 * Something that can be asked for. `signal` is aborted when nobody waits for it any more, and when
 * the server closes; what must be done anyhow goes on. `emit` tells what happens meanwhile.
 * @throws {CodedError} what could not be done
 */
export type ControlOp = (
  args: JsonObject,
  signal: AbortSignal,
  emit: (event: JsonObject) => void,
) => Promise<Json>;

/** What a control server is made of. */
export interface ControlPorts {
  readonly listener: LocalListener;
  /** By name. */
  readonly ops: Readonly<Record<string, ControlOp>>;
  /** What `hello` answers: who listens here. */
  readonly about: JsonObject;
  readonly redactor: Pick<Redactor, "clean">;
  readonly log: Log;
  readonly clock: Clock;
}

/** Answers commands over a socket. */
export interface ControlServer {
  /** Resolves when it was closed. */
  serve(): Promise<void>;
  /** Takes nobody any more, and leaves whoever waits. May be called twice. */
  close(): void;
}

/** Connections at once. */
const MOST_CONNECTIONS = 64;
/** Requests of one connection at once. */
const MOST_AT_ONCE = 16;
const ACCEPT_AGAIN_MS = 1000;
const KEPT = { most: 1000, mostBytes: 4 * LARGEST_FRAME };

/** A request that is being done, and who waits for it. */
interface Running {
  readonly asked: string;
  readonly waiting: Set<Outgoing>;
  readonly controller: AbortController;
}

/**
 * Answers commands over a socket: a request whose id was seen before gets the answer that it had, or
 * waits for it with the first, and is not done again.
 */
export function createControlServer(ports: ControlPorts): ControlServer {
  const { listener, log, clock } = ports;
  const desk = createDesk(ports);
  const connections = new Set<LocalConnection>();

  async function talk(connection: LocalConnection): Promise<void> {
    const outgoing = openOutgoing(connection);
    try {
      for await (const line of readFrames(connection)) {
        desk.hear(line, outgoing);
      }
      await outgoing.flushed();
    } finally {
      desk.leave(outgoing);
      connection.close();
      connections.delete(connection);
    }
  }

  return {
    async serve() {
      for (;;) {
        const connection = await listener.accept().catch(() => "failed" as const);
        if (!connection) return;
        if (connection === "failed") {
          // too many open files, most likely: others may end meanwhile
          log.warn("control_accept_failed");
          await clock.sleep(ACCEPT_AGAIN_MS);
          continue;
        }
        if (connections.size >= MOST_CONNECTIONS) {
          log.warn("control_full", { connections: connections.size });
          connection.close();
          continue;
        }
        connections.add(connection);
        void talk(connection);
      }
    },
    close() {
      listener.close();
      desk.close();
      for (const connection of connections) connection.close();
    },
  };
}

/** Does requests, whoever brings them. */
function createDesk({ ops, about, redactor, log }: ControlPorts) {
  const running = new Map<string, Running>();
  const answered = keepAnswers<ControlEnd>(KEPT);
  const hello: ControlOp = () => Promise.resolve(about);
  const all = new Map(Object.entries({ ...ops, hello }));

  function hear(line: string | undefined, outgoing: Outgoing): void {
    const request = line === undefined ? TOO_LONG : readControlRequest(line);
    if (typeof request === "string") return refuse(outgoing, null, request);
    const asked = canonicalJson({ op: request.op, args: request.args });
    const { id } = request;
    const before = answered.find(id) ?? running.get(id);
    if (before && before.asked !== asked) {
      return refuse(outgoing, id, "This id stands for another request already.");
    }
    const done = answered.find(id);
    if (done) return outgoing.send(done.answer);
    const under = running.get(id);
    if (under) return void under.waiting.add(outgoing);
    const own = [...running.values()].filter(({ waiting }) => waiting.has(outgoing));
    if (own.length >= MOST_AT_ONCE) {
      return refuse(outgoing, id, `${MOST_AT_ONCE} requests of this connection run already.`);
    }
    void perform(request, asked, outgoing);
  }

  async function perform({ id, op, args }: ControlRequest, asked: string, first: Outgoing) {
    const controller = new AbortController();
    const waiting = new Set([first]);
    running.set(id, { asked, waiting, controller });
    const tell = (reply: ControlReply) => {
      for (const outgoing of waiting) outgoing.send(reply);
    };
    const work = async () => {
      const doing = all.get(op);
      if (!doing) throw new CodedError("usage", `The gateway knows no "${op}".`);
      return await doing(args, controller.signal, (event) => {
        tell({ id, event: redactor.clean(event) });
      });
    };
    const reply = await work().then(
      (value): ControlEnd => ({ id, ok: true, value: redactor.clean(value) }),
      (error): ControlEnd => ({ id, ok: false, failure: redactor.clean(failureOf(error, op)) }),
    );
    const [sent, bytes] = fitting(reply, id);
    running.delete(id);
    // what was left before its end can be asked for anew
    if (!controller.signal.aborted || sent.ok) {
      answered.keep(id, asked, sent, bytes + asked.length);
    }
    tell(sent);
  }

  function failureOf(error: unknown, op: string): Failure {
    if (error instanceof CodedError) return error.failure;
    log.warn("control_failed", { op });
    const why = error instanceof Error ? error.message : String(error);
    return { code: "internal", message: `The gateway could not do "${op}": ${why}` };
  }

  return {
    hear,
    /** Somebody is gone: what nobody else waits for is left. */
    leave(outgoing: Outgoing) {
      for (const { waiting, controller } of running.values()) {
        if (waiting.delete(outgoing) && waiting.size === 0) controller.abort(LEFT);
      }
    },
    close() {
      for (const { controller } of running.values()) controller.abort(CLOSED);
    },
  };
}

const TOO_LONG = `A line of the control socket has ${LARGEST_FRAME} bytes at most.`;
const LEFT = new CodedError("cancelled", "Nobody waits for the answer any more.");
const CLOSED = new CodedError("cancelled", "The gateway stops.");

function refuse(outgoing: Outgoing, id: string | null, message: string): void {
  outgoing.send({ id, ok: false, failure: { code: "usage", message } });
}

/** A reply that the other end would not take becomes one that says so; with its length. */
function fitting(reply: ControlEnd, id: string): readonly [ControlEnd, number] {
  const bytes = new TextEncoder().encode(JSON.stringify(reply)).length;
  if (bytes <= LARGEST_FRAME) return [reply, bytes];
  const message = `The answer of the gateway has more than ${LARGEST_FRAME} bytes.`;
  return [{ id, ok: false, failure: { code: "result_too_large", message } }, message.length];
}
