import type { Failure } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import type { RunOutcome } from "../domain/turn.ts";
import { isLarger } from "./_bytes.ts";
import { createPrinted } from "./_console.ts";
import { createCallReceiver } from "./_call_receiver.ts";
import type { ReadyWorker } from "./_pool.ts";
import { type FromWorker, parseFromWorker, type RunOrder, type ToWorker } from "./_protocol.ts";
import { isLimitCode, limitFailure } from "./_sentences.ts";
import type { Limits, ToolHost } from "./sandbox.ts";
import { createWatchdog } from "./_watchdog.ts";

type Unprinted<One> = One extends RunOutcome ? Omit<One, "console"> : never;
/** How a run ended, without what the program printed. */
type Ending = Unprinted<RunOutcome>;

/**
 * Runs one program in a ready worker and ends the worker, whatever happens. Believes nothing that
 * the worker says: everything is read again, counted again and measured again.
 */
export function supervise(
  { worker, stop }: ReadyWorker,
  order: RunOrder,
  host: ToolHost,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const { limits } = order;
  const { promise, resolve } = Promise.withResolvers<RunOutcome>();
  const console: string[] = [];
  const printed = createPrinted(limits.consoleBytes + MARK_BYTES);
  let isOver = false;

  const end = (ending: Ending) => {
    if (isOver) return;
    isOver = true;
    worker.port.onmessage = null;
    Atomics.store(stop, 0, 1);
    watchdog.close();
    receiver.close();
    signal.removeEventListener("abort", cancel);
    worker.end().then(() => resolve({ ...ending, console }));
  };
  const fail = (failure: Failure) => end({ kind: "failed", failure });
  const broken = (message: string) => fail({ code: "runtime_broken", message });
  const cancel = () => end({ kind: "cancelled" });
  const send = (message: ToWorker) => {
    watchdog.sent();
    worker.port.postMessage(JSON.stringify(message));
  };
  const watchdog = createWatchdog(
    limits.cpuMs,
    () => fail(limitFailure("runtime_timeout", limits)),
  );
  const receiver = createCallReceiver(order, host, {
    send,
    fail,
    end: (failure) => end({ kind: "ended", failure }),
  });

  const receive = (message: FromWorker) => {
    switch (message.type) {
      case "printed":
        message.lines.forEach(printed.add);
        return console.push(...printed.take());
      case "call":
        return receiver.receive(message);
      case "rest":
        return watchdog.rested(message.seen, message.cpuMs) ||
          broken("The worker counted its turns wrongly");
      case "done":
        return end(readValue(message.value, limits));
      case "failed":
        return fail(failureOf(message, limits));
      case "failed_call": {
        const failure = receiver.findFailure(message.id);
        return failure === undefined
          ? broken("The worker named a failure that never was")
          : end({ kind: "failed", failure: withLine(failure, message.line) });
      }
      case "ready":
        return broken("The worker started twice");
    }
  };
  const longest = 6 * Math.max(limits.argumentBytes, limits.outputBytes, limits.consoleBytes) +
    6 * LONGEST_MESSAGE;
  worker.port.onmessage = ({ data }) => {
    const message = parseFromWorker(data, longest);
    if (message === undefined) broken("The worker sent what is no message");
    else receive(message);
  };
  worker.port.onmessageerror = () => broken("The worker sent what cannot be read");
  worker.ended.then(() => broken("The worker broke down"));
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  else send(order);
  return promise;
}

/** Room for the mark that the worker sets where it cut the console. */
const MARK_BYTES = 100;
/** Characters of a failure's sentence. */
const LONGEST_MESSAGE = 4096;

function withLine(failure: Failure, line: number | undefined): Failure {
  return line === undefined ? failure : { ...failure, line };
}

function failureOf(message: Extract<FromWorker, { type: "failed" }>, limits: Limits): Failure {
  const { code, line } = message;
  if (isLimitCode(code)) return withLine(limitFailure(code, limits), line);
  const text = message.message.slice(0, LONGEST_MESSAGE);
  const hint = "Inside are only the tools that a program declares; if this is one, declare it";
  const isMissing = code === "runtime_execution_error" && text.startsWith("ReferenceError: ");
  return withLine({ code, message: text, ...(isMissing ? { hint } : {}) }, line);
}

function readValue(text: string | undefined, limits: Limits): Ending {
  if (text === undefined) return { kind: "completed", value: undefined };
  if (isLarger(text, limits.outputBytes)) {
    return { kind: "failed", failure: limitFailure("output_too_large", limits) };
  }
  try {
    return { kind: "completed", value: JSON.parse(text) as Json };
  } catch {
    const message = "The worker sent a result that is no JSON";
    return { kind: "failed", failure: { code: "runtime_broken", message } };
  }
}
