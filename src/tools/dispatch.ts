import { CodedError, type Failure } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import type { CallRecord, ToolCall } from "../domain/tool_call.ts";
import type { RuledCall } from "../approvals/capabilities.ts";
import type { ToolReply } from "../sandbox/sandbox.ts";
import { openBook } from "./_book.ts";
import { failureOf, reasonOf, undeclaredTool } from "./_refusals.ts";
import { account } from "./dispatch/account.ts";
import { ask } from "./dispatch/ask.ts";
import { called, type CallOutcome, end, refuse } from "./dispatch/call_outcome.ts";
import { perform } from "./dispatch/do.ts";
import { read, type ReadCall } from "./dispatch/read.ts";
import { recall } from "./dispatch/recall.ts";
import { rules } from "./dispatch/rules.ts";
import type { RunState } from "./dispatch/run_state.ts";
import type { Dispatch, DispatchPorts, Road, RunScope } from "./road.ts";
import type { Tool } from "./tool.ts";

/** Builds the one road, each call in six steps: read → rules → recall → ask → do → account. */
export function createDispatch(ports: DispatchPorts): Dispatch {
  const tools = new Map(ports.tools.map((tool) => [tool.name, tool]));
  return {
    undeclared: (tool) => tools.has(tool) ? undeclaredTool(tool) : undefined,
    open: (scope) => openRoad(scope, tools, ports),
  };
}

/** A call on its way to the end, with what its run learns from it. */
interface Passed extends CallOutcome {
  /** Where the arguments could be read. */
  readonly fingerprint?: string;
  /** The answer may hold text of others. */
  readonly isForeign?: boolean;
}

async function passSteps(
  said: ToolCall,
  run: RunState,
  tools: ReadonlyMap<string, Tool>,
  ports: DispatchPorts,
  signal: AbortSignal,
): Promise<Passed> {
  const call = await read(said, run, tools, ports, signal);
  if (call.kind === "over") return call.outcome;
  const forbidden = rules(call, run, ports);
  if (forbidden) return forbidden;
  const { fingerprint } = call;
  // what only changes something brings nothing back but what the program said itself
  const isForeign = call.tool.foreign && call.prepared.effect !== "write";
  try {
    const known = recall(call, run, ports);
    return { ...known ?? await passGate(call, run, ports, signal), fingerprint, isForeign };
  } catch (error) {
    if (signal.aborted) return refuse(said, failureOf(error, said.tool), ports);
    return end(said, "refused", brokenHouse(error)); // the gate or the log is broken
  }
}

async function passGate(
  call: ReadCall,
  run: RunState,
  ports: DispatchPorts,
  signal: AbortSignal,
): Promise<CallOutcome> {
  const over = await ports.countCall();
  if (over) return end(call.call, "refused", over);
  const approved = await ask(call, run, ports.gate, signal);
  if (approved.kind === "over") return approved.outcome;
  const done = await perform(call, approved, run, ports, signal);
  if (done.kind === "over") return done.outcome;
  return account(call, approved, done, ports);
}

function brokenHouse(error: unknown): Failure {
  if (error instanceof CodedError) return error.failure;
  return { code: "internal", message: reasonOf(error) };
}

/** One run's road: keeps the account of its calls and what it has read so far. */
function openRoad(
  scope: RunScope,
  tools: ReadonlyMap<string, Tool>,
  ports: DispatchPorts,
): Road {
  const calls: CallRecord[] = [];
  const results: { tool: string; value: Json }[] = [];
  const foreignValues: Json[] = [];
  const passed: RuledCall[] = [];
  const underWay = new Set<Promise<unknown>>();
  const book = openBook(ports.audit, scope.context, ports.redactor);
  let foreign = false;

  async function go(call: ToolCall, signal: AbortSignal): Promise<ToolReply> {
    const { id, tool } = call;
    const place = calls.push({ ...called(call), decision: "refused", outcome: "cancelled" }) - 1;
    ports.tell({ kind: "call_started", call: id, tool });
    try {
      const alone = ports.askSecret ? {} : { isAlone: true };
      const context = { ...scope.context, foreign, ...alone };
      const state = { ...scope, context, foreignValues: [...foreignValues], passed, book };
      const outcome = await passSteps(call, state, tools, ports, signal);
      calls[place] = outcome.record;
      return await tellProgram(call, outcome);
    } finally {
      const { decision = "refused", outcome = "cancelled" } = calls[place] ?? {};
      ports.tell({ kind: "call_ended", call: id, tool, decision, outcome });
    }
  }

  async function tellProgram({ tool }: ToolCall, passed: Passed): Promise<ToolReply> {
    const { reply, record, fingerprint, isForeign = false } = passed;
    if (reply.kind === "result") results.push({ tool, value: reply.value });
    foreign ||= isForeign;
    if (isForeign && reply.kind === "result") foreignValues.push(reply.value);
    book.ends(record, fingerprint);
    if (record.decision === "not_required") return reply;
    // what has an effect is on disk before the program hears of it
    await book.settled();
    return book.failure ? { kind: "end", failure: book.failure } : reply;
  }

  return {
    async settled() {
      await Promise.allSettled(underWay);
      await book.settled();
    },
    get unwritten() {
      return book.failure;
    },
    calls,
    results,
    get foreign() {
      return foreign;
    },
    host(call, signal) {
      const whole = go(call, signal).finally(() => underWay.delete(whole));
      underWay.add(whole);
      return whole;
    },
  };
}
