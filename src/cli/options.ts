import { CodedError } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import type { CliContext } from "./context.ts";

/** Options of `clambot agent`. */
export interface AgentOptions {
  readonly message?: string | undefined;
  readonly json?: true | undefined;
  readonly grant?: readonly string[] | undefined;
  readonly expires?: string | undefined;
  readonly resume?: true | undefined;
  readonly session?: string | undefined;
  readonly showPrompts?: string | undefined;
}

/** For options that may be repeated. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** A signal that Ctrl-C aborts, until it is released. */
export function cancelOnInterrupt(context: CliContext): {
  readonly signal: AbortSignal;
  readonly release: () => void;
} {
  const controller = new AbortController();
  const release = context.onInterrupt(() => controller.abort());
  return { signal: controller.signal, release };
}

/**
 * Does what nothing is changed by until it is done; Ctrl-C stops it.
 * @throws {CodedError} `cancelled`
 */
export async function cancellable<T>(
  context: CliContext,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, release } = cancelOnInterrupt(context);
  try {
    return await work(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new CodedError("cancelled", "You stopped it; nothing was changed.");
  } finally {
    release();
  }
}

/** A question that the person left: what it was asked for is not done. */
export function leftOpen(): CodedError {
  return new CodedError("cancelled", "You left the question; nothing was changed.");
}

/** Reads `--input`. */
export function readInputOption(text: string | undefined): JsonObject {
  return text === undefined
    ? {}
    : readTypedObject(text, "--input", `Write --input '{"key": "value"}'.`);
}

/**
 * Reads a JSON object that was typed; `what` names it in a complaint.
 * @throws {CodedError} `usage`
 */
export function readTypedObject(
  text: string,
  what: string,
  hint = `Write '{"key": "value"}'.`,
): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CodedError("usage", `${what} is not JSON: ${text}`, hint);
  }
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw new CodedError("usage", `${what} must be a JSON object.`, hint);
}
