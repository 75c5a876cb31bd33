import type { Failure, FailureCode } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";

// What goes over the control socket. Both ends read by hand what the other says.

/** What a command asks of the gateway. The same id again is the same request. */
export interface ControlRequest {
  readonly id: string;
  readonly op: string;
  readonly args: JsonObject;
}

/** What the gateway says to it: events until it is done, then one end. */
export type ControlReply = { readonly id: string; readonly event: JsonObject } | ControlEnd;

/** What came of a request. */
export type ControlEnd =
  | { readonly id: string; readonly ok: true; readonly value: Json }
  /** Without an id: to a line that is no request. */
  | { readonly id: string | null; readonly ok: false; readonly failure: Failure };

const ID = /^[\w-]{1,64}$/;

/** Reads a request, or says in a sentence what is wrong with it. */
export function readControlRequest(line: string): ControlRequest | string {
  const message = parse(line);
  if (!isObject(message)) return "The line is no JSON object.";
  const { id, op, args = {} } = message;
  if (typeof id !== "string" || !ID.test(id)) {
    return 'A request needs an "id" of 64 letters, digits, "_" and "-" at most.';
  }
  if (typeof op !== "string" || op.length > 64) return 'A request needs an "op".';
  return isObject(args) ? { id, op, args } : '"args" must be a JSON object.';
}

/** Reads what the gateway says; `undefined` when it is nothing of that kind. */
export function readControlReply(line: string): ControlReply | undefined {
  const message = parse(line);
  if (!isObject(message)) return undefined;
  const { id, event, ok, value, failure } = message;
  if (ok === false && isFailure(failure) && (id === null || typeof id === "string")) {
    return { id, ok, failure };
  }
  if (typeof id !== "string") return undefined;
  if (isObject(event)) return { id, event };
  return ok === true && value !== undefined ? { id, ok, value } : undefined;
}

function parse(line: string): Json | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // it is no JSON
  }
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** A newer gateway may know codes that this program does not; they are shown as they are. */
function isFailure(value: unknown): value is Failure & { readonly code: FailureCode } {
  if (!isObject(value)) return false;
  const { code, message, hint } = value;
  return typeof code === "string" && typeof message === "string" &&
    (hint === undefined || typeof hint === "string");
}
