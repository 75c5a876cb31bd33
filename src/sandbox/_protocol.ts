import type { JsonObject } from "../domain/json.ts";
import type { Engine } from "./_image.ts";
import type { Limits } from "./sandbox.ts";

/** The first message to a worker, the only one that is not text. */
export interface WorkerSetup {
  readonly engine: Engine;
  /** One `Int32`: anything but 0 makes the engine stop. */
  readonly stop: SharedArrayBuffer;
}

/** What the host says to a worker, as JSON text. */
export type ToWorker = RunOrder | HostReply;

export interface RunOrder {
  readonly type: "run";
  readonly source: string;
  readonly args: JsonObject;
  /** Each tool and the name that it has inside. */
  readonly tools: readonly { readonly tool: string; readonly name: string }[];
  readonly seed: string;
  readonly now: number;
  readonly timezoneOffset: number;
  readonly limits: Limits;
}

export interface HostReply {
  readonly type: "reply";
  readonly id: number;
  readonly now: number;
  /** JSON text of the result, or why there is none. */
  readonly answer: { readonly value: string } | { readonly code: string; readonly message: string };
}

/** Why arguments never became JSON text of one object. */
export const REFUSALS = ["not_json", "not_object", "too_large"] as const;
export type Refusal = typeof REFUSALS[number];

/** Codes that the worker itself may give to a failed run. */
export const WORKER_CODES = [
  "runtime_timeout",
  "runtime_memory",
  "runtime_stack",
  "runtime_execution_error",
  "runtime_broken",
  "script_syntax_error",
  "output_too_large",
  "too_many_calls",
] as const;
export type WorkerCode = typeof WORKER_CODES[number];

/** What a worker says to the host, as JSON text. Whoever reads it trusts nothing in it. */
export type FromWorker =
  /** The engine stands and waits for a program. */
  | { readonly type: "ready" }
  /** The program printed these lines. */
  | { readonly type: "printed"; readonly lines: readonly string[] }
  /** The program called a tool; `args` is the exact JSON text. */
  | {
    readonly type: "call";
    readonly id: number;
    readonly tool: string;
    readonly args: string | { readonly refused: Refusal };
  }
  /** The worker has dealt with the first `seen` messages and waits; the program used `cpuMs`. */
  | { readonly type: "rest"; readonly seen: number; readonly cpuMs: number }
  /** The program ended; `value` is JSON text. */
  | { readonly type: "done"; readonly value?: string }
  | {
    readonly type: "failed";
    readonly code: WorkerCode;
    readonly message: string;
    readonly line?: number;
  }
  /** The program did not catch the failure of this call. */
  | { readonly type: "failed_call"; readonly id: number; readonly line?: number };

/** Reads a worker's message; `undefined` for anything that is none. */
export function parseFromWorker(message: unknown, longest: number): FromWorker | undefined {
  if (typeof message !== "string" || message.length > longest) return undefined;
  try {
    const value: unknown = JSON.parse(message);
    return isRecord(value) ? readMessage(value) : undefined;
  } catch {
    return undefined;
  }
}

function readMessage(m: Record<string, unknown>): FromWorker | undefined {
  switch (m.type) {
    case "ready":
      return { type: "ready" };
    case "printed":
      return Array.isArray(m.lines) && m.lines.every((line) => typeof line === "string")
        ? { type: "printed", lines: m.lines }
        : undefined;
    case "call":
      return readCall(m);
    case "rest":
      return isCount(m.seen) && isAmount(m.cpuMs)
        ? { type: "rest", seen: m.seen, cpuMs: m.cpuMs }
        : undefined;
    case "done":
      if (m.value === undefined) return { type: "done" };
      return typeof m.value === "string" ? { type: "done", value: m.value } : undefined;
    case "failed":
      return isWorkerCode(m.code) && typeof m.message === "string" && isLine(m.line)
        ? { type: "failed", code: m.code, message: m.message, ...lineOf(m.line) }
        : undefined;
    case "failed_call":
      return isCount(m.id) && isLine(m.line)
        ? { type: "failed_call", id: m.id, ...lineOf(m.line) }
        : undefined;
    default:
      return undefined;
  }
}

function readCall(m: Record<string, unknown>): FromWorker | undefined {
  if (!isCount(m.id) || typeof m.tool !== "string") return undefined;
  if (typeof m.args === "string") return { type: "call", id: m.id, tool: m.tool, args: m.args };
  if (!isRecord(m.args) || !isRefusal(m.args.refused)) return undefined;
  return { type: "call", id: m.id, tool: m.tool, args: { refused: m.args.refused } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isLine(value: unknown): value is number | undefined {
  return value === undefined || isCount(value);
}

function lineOf(line: number | undefined): { readonly line?: number } {
  return line === undefined ? {} : { line };
}

function isRefusal(value: unknown): value is Refusal {
  return (REFUSALS as readonly unknown[]).includes(value);
}

function isWorkerCode(value: unknown): value is WorkerCode {
  return (WORKER_CODES as readonly unknown[]).includes(value);
}
