import type { SocketPlace } from "../config/socket_place.ts";
import type { JobBook } from "../cron/job_book.ts";
import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { findGateway } from "../gateway/control_client.ts";
import { createRemoteJobBook } from "../gateway/cron_ops.ts";
import type { Clock, Files, Random } from "../platform/platform.ts";
import { lockHome } from "./gateway_lock.ts";
import { type HomeJobs, openHomeJobs } from "./home_jobs.ts";
import type { Originals } from "./_original_jobs.ts";

/** Where the jobs of a home are looked for. */
export interface ReachPorts {
  /** Where a gateway would listen; without a place none can run. */
  readonly socket: SocketPlace | undefined;
  readonly state: Files;
  readonly clock: Clock;
  readonly random: Random;
  /** Where jobs of the original may stand, to be taken over. */
  readonly originals?: Originals;
}

/** The jobs of a home, kept by the gateway that runs, or by this process while none does. */
export type ReachedJobs =
  | {
    readonly kind: "live";
    readonly book: JobBook;
    ask(op: string, args: JsonObject): Promise<Json>;
  }
  | { readonly kind: "here"; readonly book: JobBook; readonly home: HomeJobs };

/**
 * Does something with the jobs of a home, wherever they are kept just now.
 * @throws {CodedError} `gateway_silent`, `gateway_runs`, `file_failed`; and what the action throws
 */
export async function withReachedJobs<T>(
  ports: ReachPorts,
  signal: AbortSignal,
  action: (jobs: ReachedJobs) => Promise<T>,
): Promise<T> {
  const { socket } = ports;
  if (socket?.kind === "at") {
    const found = await findGateway(socket.path, ports, signal);
    if (found.kind === "silent") throw silentAt(socket.path);
    if (found.kind === "there") {
      const ask = (op: string, args: JsonObject) => found.gateway.ask(op, args, signal);
      try {
        return await action({ kind: "live", book: createRemoteJobBook(ask), ask });
      } finally {
        found.gateway.close();
      }
    }
  }
  const lock = await lockHome(ports.state);
  try {
    const home = await openHomeJobs(ports);
    try {
      return await action({ kind: "here", book: home.book, home });
    } finally {
      home.database.close();
    }
  } finally {
    lock.close();
  }
}

function silentAt(path: string): CodedError {
  return new CodedError(
    "gateway_silent",
    `The gateway of this home is there ("${path}"), but it does not answer.`,
    "See clambot logs; if it stays so, end its process and start it again.",
  );
}
