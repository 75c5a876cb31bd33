import type { HomeLayout } from "../config/home.ts";
import type { SocketPlace } from "../config/socket_place.ts";
import type { Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Credential } from "../secrets/vault.ts";

// What launcher and core say to each other. Both read by hand what the other says, and take
// messages in the order in which they were sent.

/** What the launcher gives the core to begin with. */
export interface Start {
  readonly kind: "start";
  readonly args: readonly string[];
  /** The command goes on until it is told to stop. */
  readonly isService: boolean;
  readonly layout: HomeLayout;
  readonly configPath: string;
  /** The configuration as it stands in its file; `undefined`: there is none. */
  readonly configText: string | undefined;
  /** The person named the file. */
  readonly configIsNamed: boolean;
  readonly repairs: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly envFile: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  /** The key of the vault that a service was given. */
  readonly credential: Credential | undefined;
  readonly walls: readonly JsonObject[];
  /** Where the gateway listens; for commands that talk to it, or are it. */
  readonly socket?: SocketPlace;
}

/** What the launcher tells the core. */
export type ToCore =
  | Start
  /** Stop what runs now. */
  | { readonly kind: "interrupt" }
  /** Take nothing new; what runs has so many milliseconds before it is interrupted. */
  | { readonly kind: "drain"; readonly graceMs: number }
  | { readonly kind: "ping"; readonly id: number }
  /** To a request; `port` leads to the worker that was asked for. */
  | {
    readonly kind: "answer";
    readonly id: number;
    readonly value: Json;
    readonly port?: MessagePort;
  }
  | { readonly kind: "refusal"; readonly id: number; readonly failure: Failure }
  /** A worker is no more. `why`: it ended unasked. */
  | { readonly kind: "worker_ended"; readonly worker: number; readonly why?: string };

/** What the core tells the launcher, or asks of it. */
export type ToLauncher =
  | { readonly kind: "ready" }
  /** A service takes work from now on. */
  | { readonly kind: "serving" }
  /** What an interrupt was to stop has stopped. */
  | { readonly kind: "settled" }
  /** The core is done, its stores are closed. */
  | { readonly kind: "exit"; readonly code: number }
  /** An error that nothing caught: the core cannot be trusted any more. */
  | { readonly kind: "crashed"; readonly why: string }
  | { readonly kind: "pong"; readonly id: number }
  /** One of the services; see `services.ts`. */
  | Request;

/** Something that the core has no permission for. */
export interface Request {
  readonly kind: "request";
  readonly id: number;
  readonly service: string;
  /** What the service reads for itself. */
  readonly order: unknown;
}

const SIGNALS = ["ready", "serving", "settled"] as const;

/** Reads a message of the core; `undefined` when it is none. */
export function readToLauncher(message: unknown): ToLauncher | undefined {
  if (message === null || typeof message !== "object") return undefined;
  const { kind, id, code, why, service, order } = message as Record<string, unknown>;
  const signal = SIGNALS.find((one) => one === kind);
  if (signal !== undefined) return { kind: signal };
  if (kind === "exit" && isWhole(code)) return { kind, code };
  if (kind === "crashed" && typeof why === "string") return { kind, why };
  if (!isWhole(id)) return undefined;
  if (kind === "pong") return { kind, id };
  return kind === "request" && typeof service === "string"
    ? { kind, id, service, order }
    : undefined;
}

/** Reads a message of the launcher; `undefined` when it is none. */
export function readToCore(message: unknown): ToCore | undefined {
  if (message === null || typeof message !== "object") return undefined;
  const { kind, id, graceMs, value, port, failure, worker, why } = message as Record<
    string,
    unknown
  >;
  switch (kind) {
    case "start": // from the one that gave this thread its permissions
      return message as Start;
    case "interrupt":
      return { kind };
    case "drain":
      return isWhole(graceMs) ? { kind, graceMs } : undefined;
    case "ping":
      return isWhole(id) ? { kind, id } : undefined;
    case "answer":
      if (!isWhole(id)) return undefined;
      return { kind, id, value: value as Json, ...(port instanceof MessagePort ? { port } : {}) };
    case "refusal":
      return isWhole(id) && isFailure(failure) ? { kind, id, failure } : undefined;
    case "worker_ended":
      if (!isWhole(worker)) return undefined;
      return { kind, worker, ...(typeof why === "string" ? { why } : {}) };
  }
  return undefined;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isFailure(value: unknown): value is Failure {
  return value !== null && typeof value === "object" &&
    typeof (value as Failure).code === "string" && typeof (value as Failure).message === "string";
}
