import type { Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { isLarger } from "./_bytes.ts";
import type { Call } from "./_calls.ts";
import type { HostReply, Refusal, RunOrder } from "./_protocol.ts";
import { limitFailure } from "./_sentences.ts";
import type { HostCall, ToolHost, ToolReply } from "./sandbox.ts";

/** What the receiver needs of the run around it. */
export interface ReceivingRun {
  /** Sends an answer to the worker. */
  send(reply: HostReply): void;
  /** The run fails here. */
  fail(failure: Failure): void;
  /** The host ends the run. */
  end(failure: Failure): void;
}

/** The host's side of a program's calls: it checks each again, hands it over and sends the answer. */
export interface CallReceiver {
  receive(call: Call): void;
  /** The failure that answered this call, if one did. */
  findFailure(id: number): Failure | undefined;
  /** Aborts what is under way; answers that come later are dropped. */
  close(): void;
}

/** Levels of nesting that arguments may have. */
const DEEPEST = 200;

/** Receives the calls of one run. */
export function createCallReceiver(
  order: RunOrder,
  host: ToolHost,
  run: ReceivingRun,
): CallReceiver {
  const { limits } = order;
  const declared = new Set(order.tools.map(({ tool }) => tool));
  const inFlight = new Map<number, AbortController>();
  const failures = new Map<number, Failure>();
  let received = 0;
  let now = order.now;
  let isClosed = false;

  const answer = (call: Call, reply: ToolReply) => {
    if (isClosed) return;
    inFlight.delete(call.id);
    if (reply.kind === "end") return run.end(reply.failure);
    now = reply.now;
    const text = reply.kind === "result" ? JSON.stringify(reply.value) : "";
    if (reply.kind === "result" && !isLarger(text, limits.resultBytes)) {
      return run.send({ type: "reply", id: call.id, now, answer: { value: text } });
    }
    const failure = reply.kind === "error" ? reply.failure : tooLarge(call, limits.resultBytes);
    failures.set(call.id, failure);
    const { code, message } = failure;
    run.send({ type: "reply", id: call.id, now, answer: { code, message } });
  };
  const ask = async (call: Call, signal: AbortSignal): Promise<ToolReply> => {
    const { id, tool } = call;
    const args = readArguments(call, limits.argumentBytes);
    if (!("refused" in args)) return await host({ id, tool, ...args }, signal);
    const failure = args.refused;
    return { kind: "error", failure, now: await host.refused?.({ id, tool, failure }) ?? now };
  };
  return {
    receive(call) {
      if (call.id !== ++received || inFlight.size >= limits.callsInFlight) {
        const message = "The worker counted its calls wrongly";
        return run.fail({ code: "runtime_broken", message });
      }
      if (received > limits.calls) {
        return run.fail(limitFailure("too_many_calls", limits));
      }
      if (!declared.has(call.tool)) {
        const message = `The program has not declared the tool "${call.tool.slice(0, 100)}"`;
        return run.fail({ code: "undeclared_tool", message });
      }
      const controller = new AbortController();
      inFlight.set(call.id, controller);
      ask(call, controller.signal).then((reply) => answer(call, reply)).catch(() => {
        const message = `The call of ${call.tool} could not be answered`;
        run.fail({ code: "internal", message });
      });
    },
    findFailure: (id) => failures.get(id),
    close() {
      isClosed = true;
      for (const controller of inFlight.values()) controller.abort();
    },
  };
}

function tooLarge(call: Call, limit: number): Failure {
  return {
    code: "result_too_large",
    message: `The result of ${call.tool} is larger than ${limit} bytes`,
  };
}

/** The one object that a call's exact text stands for, or why it stands for none. */
function readArguments(
  { tool, args }: Call,
  limit: number,
): Pick<HostCall, "args"> | { readonly refused: Failure } {
  const refuse = (message: string) => ({
    refused: { code: "tool_arguments_invalid" as const, message },
  });
  if (typeof args !== "string") return refuse(sentenceOf(args.refused, tool, limit));
  if (isLarger(args, limit)) return refuse(sentenceOf("too_large", tool, limit));
  const value = parse(args);
  if (value === undefined) return refuse(sentenceOf("not_json", tool, limit));
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return refuse(sentenceOf("not_object", tool, limit));
  }
  if (!isSound(value, 0)) {
    return refuse(`The arguments of ${tool} are nested too deeply or have a key "__proto__"`);
  }
  return { args: value as JsonObject };
}

function sentenceOf(refused: Refusal, tool: string, limit: number): string {
  switch (refused) {
    case "not_json":
      return `The arguments of ${tool} cannot be written as JSON`;
    case "not_object":
      return `${tool} takes exactly one argument, an object`;
    case "too_large":
      return `The arguments of ${tool} are larger than ${limit} bytes`;
  }
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Not too deep for those who walk it later, and nothing that could reach a prototype. */
function isSound(value: Json, depth: number): boolean {
  if (value === null || typeof value !== "object") return true;
  if (depth === DEEPEST || Object.hasOwn(value, "__proto__")) return false;
  return Object.values(value).every((inner: Json) => isSound(inner, depth + 1));
}
