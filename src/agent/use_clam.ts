import { readInputs } from "../clams/inputs.ts";
import type { Library } from "../clams/library.ts";
import type { ClamId, ClamManifest } from "../domain/clam.ts";
import { CodedError, type Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { allCalls, type CallRecord } from "../domain/tool_call.ts";
import type { RunOutcome, Turn } from "../domain/turn.ts";
import type { Attempt, CallResult } from "../runs/attempt.ts";
import type { RunRecord } from "../runs/record.ts";
import type { LastAttempt, PartOpening, Run } from "../runs/run.ts";
import { runEndOf } from "../runs/run_end.ts";
import type { Runs } from "../runs/runs.ts";
import type { ClamOrder } from "../tools/tool.ts";
import type { UsedClam } from "../tools/road.ts";
import type { Satisfies } from "./result.ts";
import {
  type Ran,
  recordProgram,
  type Runnable,
  runProgram,
  type RuntimePorts,
  type Using,
  type UsingClams,
} from "./runtime.ts";
import { lookOverClam } from "./script.ts";
import { waitsForAnswer } from "./turn.ts";

/** Clams within each other at most, below the program that the person asked for. */
const DEEPEST = 3;

/** What is needed to use a clam from a program. */
export interface UsePorts {
  readonly library: Pick<Library, "get" | "recordUse">;
  readonly runs: Pick<Runs, "openPart">;
  readonly satisfies: Satisfies;
  /** The run whose programs use it. */
  readonly run: Run;
  /** Programs around those of the run, from the outermost one. */
  readonly chain: readonly string[];
  /** What the programs of a part run with: a gate of their own above all. */
  partOf(run: Run, chain: readonly string[]): RuntimePorts;
}

/** What is needed to go on with a part of a run. */
interface PartMemo {
  readonly kind: "part";
  readonly id: ClamId;
  readonly manifest: ClamManifest;
  readonly given: JsonObject;
  /** Others may have written in the inputs. */
  readonly foreign: boolean;
}

/** A clam that runs as a part. */
interface Part {
  readonly program: Runnable;
  readonly memo: PartMemo;
  readonly attempt: Attempt;
}

/**
 * Uses kept clams from programs. Each use is a run of its own, under the manifest of its clam; made
 * from the place of its call, so that whoever goes on with the program finds it as it was left.
 */
export function createClamUse(ports: UsePorts): UsingClams {
  return async (order, using, signal) => {
    const chain = [...ports.chain, using.by ?? ""]; // what is not kept counts as one too
    refuseTwist(order.id, chain);
    const opened = await ports.runs.openPart(openingOf(using, ports));
    if (opened.kind === "ended") return usedBefore(opened.record);
    const { run } = opened;
    try {
      const last = await run.lastAttempt();
      const part = last ? partFrom(last) : await beginPart(order, using, run, ports);
      return await runPart(part, using.turn, run, chain, ports, signal);
    } finally {
      await run.close();
    }
  };
}

/** @throws {CodedError} `clam_not_used` */
function refuseTwist(id: string, chain: readonly string[]): void {
  const why = chain.includes(id)
    ? "it would use itself"
    : chain.length > DEEPEST
    ? `more than ${DEEPEST} clams would be within each other`
    : undefined;
  if (why === undefined) return;
  throw new CodedError("clam_not_used", `The clam "${id}" cannot be used here: ${why}.`);
}

function openingOf({ call }: Using, { run }: UsePorts): PartOpening {
  const { id, record: { opening, attempts } } = run;
  const { grants: _, ...rest } = opening; // what was allowed to the one is not the other's
  return {
    ...rest,
    purpose: "clam",
    message: { ...opening.message, text: "" },
    parent: id,
    place: { attempt: attempts.length, call },
  };
}

/** @throws {CodedError} `clam_not_found`, `clam_changed`, `inputs_invalid` */
async function beginPart(
  order: ClamOrder,
  { foreign, turn }: Using,
  run: Run,
  { library }: UsePorts,
): Promise<Part> {
  const { id, manifest, script: source } = await library.get(order.id);
  if (manifest.conversation !== undefined && manifest.conversation !== turn.message.conversation) {
    const why = `The clam "${id}" got its meaning from another conversation.`;
    throw new CodedError("clam_not_used", why);
  }
  const read = await readInputs(manifest, order.inputs);
  if (!read.ok) throw new CodedError(read.failure.code, read.failure.message, read.failure.hint);
  const program = { ...manifest, id, source, inputs: read.inputs, manifest };
  const memo: PartMemo = { kind: "part", id, manifest, given: order.inputs, foreign };
  const recorded = await recordProgram(program);
  return { program, memo, attempt: await run.beginAttempt(recorded, memo as unknown as Json) };
}

function partFrom({ program, memo, attempt }: LastAttempt): Part {
  const known = memo as unknown as PartMemo;
  return { program: { ...program, manifest: known.manifest }, memo: known, attempt };
}

async function runPart(
  { program, memo, attempt }: Part,
  turn: Turn,
  run: Run,
  chain: readonly string[],
  ports: UsePorts,
  signal: AbortSignal,
): Promise<UsedClam> {
  const account: CallRecord[] = [];
  const own = { ...program, foreignInputs: memo.foreign };
  const around = ports.partOf(run, chain);
  const ran = await runProgram(own, turn, { attempt, account }, around, signal);
  const { id, manifest, given } = memo;
  const clam = { id, manifest, script: program.source };
  const { outcome } = await lookOverClam(ran, clam, given, ports);
  const result = resultOf(outcome);
  const failure = result.kind === "error" ? result.failure : undefined;
  const waits = failure && waitsForAnswer(failure) ? run.waits : undefined;
  if (waits) ports.run.waitFor(waits);
  else await run.end(runEndOf(failure), failure);
  if (!failure) await ports.library.recordUse(id).catch(() => {}); // it is only counted by it
  return used(result, ran, waits !== undefined);
}

function used(result: CallResult, { calls, foreign }: Ran, waits: boolean): UsedClam {
  return { result, calls, foreign, waits };
}

function resultOf(outcome: RunOutcome): CallResult {
  switch (outcome.kind) {
    case "completed":
      return { kind: "result", value: outcome.value ?? null };
    case "failed":
    case "ended": {
      const { line: _, ...failure } = outcome.failure; // a line of another program
      return { kind: "error", failure };
    }
    case "cancelled":
      return { kind: "error", failure: CANCELLED };
  }
}

const CANCELLED: Failure = { code: "cancelled", message: "The clam was stopped." };

/** What came of a clam that was used in this place before the run was broken off. */
function usedBefore({ attempts, ended }: RunRecord): UsedClam {
  const last = attempts.at(-1);
  const told = attempts.flatMap((attempt) => attempt.told);
  const { foreign = false } = (last?.memo ?? {}) as unknown as Partial<PartMemo>;
  const result: CallResult = ended?.how === "completed" && last?.outcome
    ? resultOf(last.outcome)
    : { kind: "error", failure: ended?.failure ?? CANCELLED };
  return {
    result,
    calls: allCalls(told.map(({ record }) => record)),
    foreign: foreign || told.some((line) => line.foreign),
    waits: false,
  };
}
