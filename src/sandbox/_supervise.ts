import type { Failure, FailureCode } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import type { RunOutcome } from "../domain/turn.ts";
import { isLarger } from "./_bytes.ts";
import { createPrinted } from "./_console.ts";
import { createDesk } from "./_desk.ts";
import type { ReadyWorker } from "./_pool.ts";
import { type FromWorker, parseFromWorker, type RunOrder, type ToWorker } from "./_protocol.ts";
import type { ToolHost } from "./sandbox.ts";
import { createTurns } from "./_turns.ts";

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
    worker.onmessage = null;
    Atomics.store(stop, 0, 1);
    worker.terminate();
    turns.close();
    desk.close();
    signal.removeEventListener("abort", cancel);
    resolve({ ...ending, console });
  };
  const fail = (code: FailureCode, message: string, line?: number) =>
    end({ kind: "failed", failure: withLine({ code, message }, line) });
  const cancel = () => end({ kind: "cancelled" });
  const send = (message: ToWorker) => {
    turns.sent();
    worker.postMessage(JSON.stringify(message));
  };
  const turns = createTurns(
    limits.cpuMs,
    () => fail("runtime_timeout", "The program used up its computing time"),
  );
  const desk = createDesk(order, host, {
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
        return desk.receive(message);
      case "rest":
        return turns.rested(message.seen, message.cpuMs) ||
          fail("runtime_broken", "The worker counted its turns wrongly");
      case "done":
        return end(readValue(message.value, limits.outputBytes));
      case "failed":
        return fail(message.code, message.message.slice(0, LONGEST_MESSAGE), message.line);
      case "failed_call": {
        const failure = desk.findFailure(message.id);
        return failure === undefined
          ? fail("runtime_broken", "The worker named a failure that never was")
          : end({ kind: "failed", failure: withLine(failure, message.line) });
      }
      case "ready":
        return fail("runtime_broken", "The worker started twice");
    }
  };
  const longest = 6 * Math.max(limits.argumentBytes, limits.outputBytes, limits.consoleBytes) +
    6 * LONGEST_MESSAGE;
  worker.onmessage = ({ data }) => {
    const message = parseFromWorker(data, longest);
    if (message === undefined) fail("runtime_broken", "The worker sent what is no message");
    else receive(message);
  };
  worker.onmessageerror = () => fail("runtime_broken", "The worker sent what cannot be read");
  worker.onerror = (event) => {
    event.preventDefault();
    fail("runtime_broken", "The worker broke down");
  };
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

function readValue(text: string | undefined, outputBytes: number): Ending {
  if (text === undefined) return { kind: "completed", value: undefined };
  if (isLarger(text, outputBytes)) {
    const message = `The result of the program is larger than ${outputBytes} bytes`;
    return { kind: "failed", failure: { code: "output_too_large", message } };
  }
  try {
    return { kind: "completed", value: JSON.parse(text) as Json };
  } catch {
    const message = "The worker sent a result that is no JSON";
    return { kind: "failed", failure: { code: "runtime_broken", message } };
  }
}
