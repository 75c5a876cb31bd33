import { isLarger } from "./_bytes.ts";
import type { FromWorker, WorkerCode } from "./_protocol.ts";
import type { Report } from "./_guest.ts";
import { lineInStack, ScriptError } from "./_script.ts";
import { NoRoomError } from "./_vm.ts";

/** The last message of a run. */
export type Verdict = Extract<FromWorker, { type: "done" | "failed" | "failed_call" }>;

export const TIME_IS_OVER = failed("runtime_timeout");
export const TOO_MANY_CALLS = failed("too_many_calls");
export const WAITS_FOREVER = failed(
  "runtime_execution_error",
  "The program waits for something that never comes: no tool call is under way",
);
const OUT_OF_MEMORY = failed("runtime_memory");
const OUT_OF_STACK = failed("runtime_stack");
const TOO_LARGE = failed("output_too_large");

/** What the guest said about the program's value. */
export function readValue({ what, texts }: Report, outputBytes: number): Verdict {
  const [text] = texts;
  if (what === "done") {
    if (texts.length === 0) return { type: "done" };
    const isTooLarge = text === undefined || isLarger(text, outputBytes);
    return isTooLarge ? TOO_LARGE : { type: "done", value: text };
  }
  if (what === "large") return TOO_LARGE;
  return failed(
    "runtime_execution_error",
    `The result of the program cannot be written as JSON${text ? `: ${text}` : ""}`,
  );
}

/** What the guest said about the program's error. `lines`: how many the program has. */
export function readError(report: Report, lines: number, unreadable: boolean): Verdict {
  const line = (stack: string | undefined) => {
    const found = lineInStack(stack ?? "");
    return found === undefined || found > lines ? {} : { line: found };
  };
  if (report.what === "call") {
    const [id, stack] = report.texts;
    return { type: "failed_call", id: Number(id), ...line(stack) };
  }
  if (report.what !== "error") {
    return report.isFull ? OUT_OF_MEMORY : failed("runtime_execution_error", "The program failed");
  }
  const [kind, name, message = "", stack] = report.texts;
  const code = codeOf(kind, message, report.isFull) ??
    (unreadable ? "script_syntax_error" : undefined);
  const plain = failed(code ?? "runtime_execution_error", sentence(name, message));
  return { ...plain, ...line(stack) };
}

/** What came out of the engine or its library instead of a value. */
export function readThrown(thrown: unknown): Verdict {
  if (thrown instanceof ScriptError) {
    const { message, line } = thrown;
    return { ...failed("script_syntax_error", message), ...(line === undefined ? {} : { line }) };
  }
  if (thrown instanceof NoRoomError) return OUT_OF_MEMORY;
  if (thrown instanceof RangeError) return OUT_OF_STACK;
  return failed("runtime_broken", "The engine broke while it ran the program");
}

/** The engine's own words for its limits, in errors of its own kinds. */
function codeOf(
  kind: string | undefined,
  message: string,
  isFull: boolean,
): WorkerCode | undefined {
  if (kind === "internal" && message === "out of memory") return "runtime_memory";
  // the engine throws null where it has no room left for an error
  if (kind === "null" && isFull) return "runtime_memory";
  if (kind === "range" && message === "Maximum call stack size exceeded") return "runtime_stack";
  return undefined;
}

function sentence(name: string | undefined, message: string): string {
  if (name === undefined || name === "" || name === "Error") return message || "Error";
  return message === "" ? name : `${name}: ${message}`;
}

/** Codes that say all there is to say need no message: the host has a sentence for them. */
function failed(code: WorkerCode, message = ""): Extract<Verdict, { type: "failed" }> {
  return { type: "failed", code, message };
}
