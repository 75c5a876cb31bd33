import { fingerprint } from "../../approvals/fingerprint.ts";
import type { RuledCall } from "../../approvals/capabilities.ts";
import { CodedError } from "../../domain/failure.ts";
import type { Json } from "../../domain/json.ts";
import type { CallRecord } from "../../domain/tool_call.ts";
import type { FoundCall } from "../../runs/attempt.ts";
import type { CallPlace } from "../../runs/line.ts";
import type { HostCall, RefusedCall, ToolReply } from "../../sandbox/sandbox.ts";
import { type Book, openBook } from "../_book.ts";
import { cancelled, diverged } from "../_refusals.ts";
import type { DispatchPorts, Road, RunScope } from "../road.ts";
import type { Tool } from "../tool.ts";
import { called, end } from "./call_outcome.ts";
import { type Passed, passSteps } from "./steps.ts";

/** A call that came to its end here; `print`: what the program said. */
type Ended = Passed & Pick<CallPlace, "print">;
type Told = Extract<FoundCall, { kind: "told" }>;

/** What a road keeps: the account of its calls, and what its program has read so far. */
interface Kept {
  readonly calls: CallRecord[];
  readonly results: { tool: string; value: Json }[];
  readonly foreignValues: Json[];
  readonly passed: RuledCall[];
  readonly book: Book;
  foreign: boolean;
  hasDiverged: boolean;
}

/** A road in the making: what it was opened with, and what it keeps. */
interface Means {
  readonly scope: RunScope;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly ports: DispatchPorts;
  readonly kept: Kept;
}

/** Opens one run's road. */
export function openRoad(
  scope: RunScope,
  tools: ReadonlyMap<string, Tool>,
  ports: DispatchPorts,
): Road {
  const book = openBook(ports.audit, scope.context, ports.redactor, {
    run: scope.run.id,
    attempt: scope.run.record.attempts.length,
  });
  const kept: Kept = {
    ...{ calls: [], results: [], passed: [], book, hasDiverged: false },
    foreignValues: scope.foreignInputs ? [scope.foreignInputs] : [],
    foreign: scope.foreignInputs !== undefined,
  };
  const means = { scope, tools, ports, kept };
  const underWay = new Map<number, Promise<unknown>>();
  const waiting = new Set<number>();
  /** The run ends here and goes on when a question is answered: nothing more is begun. */
  let isParking = false;

  /** What else is under way comes to its end before the run does. */
  async function othersEnd(): Promise<void> {
    for (;;) {
      const others = [...underWay].filter(([id]) => !waiting.has(id));
      if (others.length === 0) break;
      await Promise.allSettled(others.map(([, whole]) => whole));
    }
    isParking = true;
  }

  async function answer(call: HostCall, signal: AbortSignal): Promise<ToolReply> {
    const { id, tool } = call;
    const place = kept.calls.push({ ...called(call), decision: "refused", outcome: "cancelled" }) -
      1;
    ports.tell({ kind: "call_started", call: id, tool });
    try {
      if (isParking) return { kind: "end", failure: cancelled(tool) }; // it is made again later
      const outcome = await go(call, means, signal);
      if ("line" in outcome) {
        kept.calls[place] = outcome.line.record;
        recount(outcome, means);
        return tellAgain(call, outcome, kept);
      }
      kept.calls[place] = outcome.record;
      await putOnRecord(call, outcome, means);
      if (outcome.waits) {
        waiting.add(id);
        await othersEnd();
      }
      return tellProgram(call, outcome, kept);
    } catch (error) {
      if (error instanceof CodedError) return { kind: "end", failure: error.failure };
      throw error;
    } finally {
      const { decision = "refused", outcome = "cancelled" } = kept.calls[place] ?? {};
      ports.tell({ kind: "call_ended", call: id, tool, decision, outcome });
    }
  }

  return {
    async settled() {
      await Promise.allSettled(underWay.values());
      await book.settled();
    },
    get unwritten() {
      return book.failure;
    },
    get diverged() {
      return kept.hasDiverged || !scope.attempt.isCaughtUp;
    },
    calls: kept.calls,
    results: kept.results,
    get foreign() {
      return kept.foreign;
    },
    host: Object.assign((call: HostCall, signal: AbortSignal) => {
      const whole = answer(call, signal).finally(() => underWay.delete(call.id));
      underWay.set(call.id, whole);
      return whole;
    }, { refused: (call: RefusedCall) => tellRefused(call, means) }),
  };
}

/** A call to its end: told again where the record tells of it, else through the steps. */
async function go(call: HostCall, means: Means, signal: AbortSignal): Promise<Ended | Told> {
  const { scope, tools, ports, kept } = means;
  const { id, tool, args } = call;
  const print = await fingerprint(tool, args);
  const found = await scope.attempt.find({ call: id, print });
  if (found.kind === "told") return found;
  if (found.kind === "diverged") {
    kept.hasDiverged = true;
    return { ...end(call, "refused", diverged(tool)), print };
  }
  const outcome = await passSteps(
    { said: { id, tool, args }, print, inDoubt: found.kind === "in_doubt" },
    stateOf(means),
    tools,
    ports,
    signal,
  );
  return { ...outcome, print };
}

/** A call that nobody could read: that it was refused is told in its place, and is no deed. */
async function tellRefused(
  { id, tool, failure }: RefusedCall,
  { scope: { attempt }, ports, kept }: Means,
): Promise<number> {
  const place = { call: id, print: await fingerprint(tool, {}) };
  const found = await attempt.find(place);
  if (found.kind === "told") return found.line.now;
  if (found.kind === "diverged") {
    kept.hasDiverged = true;
    throw new CodedError("run_diverged", diverged(tool).message);
  }
  const now = ports.clock.now();
  const record = { tool, args: {}, decision: "refused" as const, outcome: failure.code };
  const result = { kind: "error" as const, failure };
  const told = { ...place, result, now, record, foreign: false, happened: false, durable: false };
  await attempt.tell(told, Promise.resolve());
  return now;
}

/** The run as this call finds it. */
function stateOf({ scope, ports, kept }: Means) {
  const { foreign, foreignValues, passed, book } = kept;
  const alone = ports.askSecret ? {} : { isAlone: true };
  const context = { ...scope.context, foreign, ...alone };
  return { ...scope, context, foreignValues: [...foreignValues], passed, book };
}

/**
 * What the program is going to be told is on disk before it is.
 * @throws {CodedError} when it cannot be written: then the program must not hear of it
 */
async function putOnRecord(
  call: HostCall,
  outcome: Ended,
  { scope: { attempt }, kept: { book } }: Means,
): Promise<void> {
  const { reply, record, isForeign = false, hasEffect = false, happened = false } = outcome;
  book.ends(call.id, record, outcome.fingerprint);
  // what has an effect is in the log too before the program hears of it
  const also = record.decision === "not_required" ? Promise.resolve() : book.settled();
  if (reply.kind === "end") return await also;
  const { now, ...result } = reply;
  const { fingerprint, print, ruled } = outcome;
  await attempt.tell({
    call: call.id,
    print,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    result,
    now,
    record,
    foreign: isForeign,
    ...(ruled === undefined ? {} : { ruled }),
    happened,
    durable: happened && hasEffect,
  }, also);
}

function tellProgram({ tool }: HostCall, outcome: Passed, kept: Kept): ToolReply {
  const { reply, record, isForeign = false } = outcome;
  kept.foreign ||= isForeign;
  if (reply.kind === "result") hear(tool, reply.value, isForeign, kept);
  const { failure } = kept.book;
  return failure && record.decision !== "not_required" ? { kind: "end", failure } : reply;
}

/** A lease counts the calls of a run, also those of another process. */
function recount({ line: { record, ruled } }: Told, { scope: { caller }, ports }: Means): void {
  if (record.decision === "lease" && caller && ruled) ports.gate.recount?.(caller, ruled);
}

function tellAgain({ tool }: HostCall, { line, result }: Told, kept: Kept): ToolReply {
  kept.foreign ||= line.foreign;
  if (line.ruled) kept.passed.push(line.ruled);
  if (result.kind === "result") hear(tool, result.value, line.foreign, kept);
  return { ...result, now: line.now };
}

/** The run learns what its program hears. */
function hear(tool: string, value: Json, isForeign: boolean, kept: Kept): void {
  kept.results.push({ tool, value });
  if (isForeign) kept.foreignValues.push(value);
}
