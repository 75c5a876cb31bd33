import type { Places } from "../../config/home.ts";
import type { Json } from "../../domain/json.ts";
import type { HostedWorker } from "../../platform/worker_host.ts";

/** One thing that the core has no permission for. */
export interface LauncherTask {
  readonly name: string;
  /** What it does, in words; docs/security.md says the same. */
  readonly does: string;
  /** Reads the order itself. @throws {CodedError} when it is none, or cannot be done */
  serve(order: unknown, means: TaskMeans): Promise<TaskResult> | TaskResult;
}

export interface TaskResult {
  readonly value: Json;
  readonly port?: MessagePort;
}

/** What the tasks work with. */
export interface TaskMeans {
  readonly args: readonly string[];
  readonly places: Places;
  /** @throws {CodedError} `runtime_broken` */
  startWorker(kind: string): HostedWorker;
  endWorker(id: number): void;
  /**
   * Starts the program of an MCP server; the port leads to it.
   * @throws {CodedError} `server_failed`
   */
  startServer(name: string): MessagePort;
}
